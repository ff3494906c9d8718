// cvstroom completion: a script that teaches the shell this program's commands and options.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <string>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"

namespace cvstroom::cli {
namespace {

// "name1 name2 --option1 …" of one command.
std::string words_of(const CLI::App& command) {
    std::string words;
    for (const auto* subcommand : command.get_subcommands({})) words += subcommand->get_name() + ' ';
    for (const auto* option : command.get_options()) {
        for (const auto& name : option->get_lnames()) words += "--" + name + ' ';
    }
    return words;
}

// `paths` becomes "'key'|'key issue'|…": what counts as a command, and not as an option's value.
void add_cases(const CLI::App& command, const std::string& path, std::string& cases, std::string& paths) {
    if (!path.empty()) paths += (paths.empty() ? "'" : "|'") + path + "'";
    cases += fmt::format("    '{}') words='{}' ;;\n", path, words_of(command));
    for (const auto* subcommand : command.get_subcommands({})) {
        add_cases(*subcommand, path.empty() ? subcommand->get_name() : path + ' ' + subcommand->get_name(), cases,
                  paths);
    }
}

int print_script(const CLI::App& app, const std::string& shell) {
    std::string cases;
    std::string paths;
    add_cases(app, "", cases, paths);
    if (shell == "zsh") fmt::print("autoload -U +X bashcompinit && bashcompinit\n");
    fmt::print(R"(_cvstroom() {{
  local word path='' words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${{path:+$path }}${{COMP_WORDS[i]}}"
    case "$word" in {}) path="$word" ;; esac
  done
  case "$path" in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}") $(compgen -f -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -F _cvstroom cvstroom
)",
               paths, cases);
    return exit_success;
}

}  // namespace

void add_completion(CLI::App& app, Program& program) {
    auto shell = std::make_shared<std::string>("bash");
    auto* command = app.add_subcommand("completion", "print a completion script for the shell");
    command->add_option("shell", *shell, "bash or zsh")->check(CLI::IsMember({"bash", "zsh"}))->capture_default_str();
    command->footer("Example:  source <(cvstroom completion bash)");
    command->callback([shell, &app, &program] { program.run = [shell, &app] { return print_script(app, *shell); }; });
}

}  // namespace cvstroom::cli
