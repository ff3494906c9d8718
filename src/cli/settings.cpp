#include "cli/settings.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace cvstroom::cli {
namespace {

constexpr const char* shared_section = "serve";
constexpr std::array<std::string_view, 2> shared_options{"database", "audit"};

bool is_shared(const std::string& name) {
    return std::find(shared_options.begin(), shared_options.end(), name) != shared_options.end();
}

std::string name_of(const CLI::Option& option) {
    return option.get_lnames().empty() ? std::string() : option.get_lnames().front();
}

// The commands from the program down to this one, without the program: {"config", "check"}.
std::vector<std::string> path_of(const CLI::App* command) {
    std::vector<std::string> path;
    for (; command->get_parent() != nullptr; command = command->get_parent())
        path.insert(path.begin(), command->get_name());
    return path;
}

std::string full_name(const std::vector<std::string>& path, const std::string& name) {
    return CLI::detail::join(path, ".") + (path.empty() ? "" : ".") + name;
}

// CLI11 gives an option of the file precedence over the environment; here it is the other way round, so that a
// service's environment can override the file that came with the package.
bool is_in_environment(const std::string& name) {
    const char* value = std::getenv(environment_name(name).c_str());
    return value != nullptr && *value != '\0';
}

// 'config check' reads all that 'serve' does; the others what they share with it.
bool follows_serve(const std::vector<std::string>& path, const std::string& name) {
    return path == std::vector<std::string>{"config", "check"} || is_shared(name);
}

template <typename Visit>
void for_each_command(CLI::App& command, const Visit& visit) {
    visit(command);
    for (auto* subcommand : command.get_subcommands({})) for_each_command(*subcommand, visit);
}

}  // namespace

// Reads the file as CLI11 does, then hands the options of [serve] on to the commands that share them.
class Settings::File final : public CLI::ConfigTOML {
  public:
    File(CLI::App& app, std::shared_ptr<std::set<std::string>> given) : app_(app), given_(std::move(given)) {}

    std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
        auto items = CLI::ConfigTOML::from_config(input);
        const std::size_t own = items.size();
        for (std::size_t i = 0; i < own; ++i) {
            if (items[i].parents == std::vector<std::string>{shared_section}) hand_on(CLI::ConfigItem(items[i]), items);
        }
        std::erase_if(items, [this](const auto& item) { return is_overruled(item); });
        for (const auto& item : items) given_->insert(full_name(item.parents, item.name));
        return items;
    }

  private:
    bool is_overruled(const CLI::ConfigItem& item) const {
        const CLI::App* command = &app_;
        for (const auto& name : item.parents) {
            command = command == nullptr ? nullptr : find_subcommand(*command, name);
        }
        const auto* option = command == nullptr ? nullptr : command->get_option_no_throw("--" + item.name);
        return option != nullptr && !option->get_envname().empty() && is_in_environment(item.name);
    }

    static const CLI::App* find_subcommand(const CLI::App& command, const std::string& name) {
        const auto found = command.get_subcommands([&](const CLI::App* each) { return each->get_name() == name; });
        return found.empty() ? nullptr : found.front();
    }

    void hand_on(const CLI::ConfigItem& item, std::vector<CLI::ConfigItem>& items) const {
        for_each_command(app_, [&](CLI::App& command) {
            const auto path = path_of(&command);
            if (path.empty() || path == item.parents || !follows_serve(path, item.name)) return;
            if (command.get_option_no_throw("--" + item.name) == nullptr) return;
            items.push_back({path, item.name, item.inputs});
        });
    }

    CLI::App& app_;
    std::shared_ptr<std::set<std::string>> given_;
};

std::string environment_name(const std::string& option) {
    std::string name = "CVSTROOM_";
    for (const char c : option) name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

void Settings::attach(CLI::App& app, int argc, char** argv) {
    app_ = &app;
    arguments_.assign(argv + 1, argv + argc);
    const char* file = std::getenv("CVSTROOM_CONFIG");
    app.set_config("--config", file == nullptr ? "" : file, "file with options, TOML or INI (Env:CVSTROOM_CONFIG)",
                   file != nullptr);
    app.allow_config_extras(CLI::config_extras_mode::error);  // a misspelt option is not ignored
    app.config_formatter(std::make_shared<File>(app, from_file_));
    for_each_command(app, [&](CLI::App& command) {
        const bool is_program = &command == &app;
        if (!is_program) command.fallthrough();  // so that the program's own options may come last
        const bool takes_all = is_program || path_of(&command) == std::vector<std::string>{shared_section} ||
                               follows_serve(path_of(&command), "");
        for (auto* option : command.get_options({})) {
            const auto name = name_of(*option);
            if (name.empty() || name == "help" || name == "version" || name == "config" || name == "json") continue;
            if (takes_all || is_shared(name)) option->envname(environment_name(name));
        }
    });
}

std::string Settings::source_of(const CLI::App& command, const CLI::Option& option) const {
    const auto name = name_of(option);
    const bool is_argument = std::any_of(arguments_.begin(), arguments_.end(), [&](const std::string& argument) {
        return argument == "--" + name || argument.starts_with("--" + name + "=");
    });
    if (is_argument) return "command line";
    if (!option.get_envname().empty() && is_in_environment(name)) return "environment (" + environment_name(name) + ")";
    if (from_file_->contains(full_name(path_of(&command), name))) {
        return "file (" + app_->get_config_ptr()->as<std::string>() + ")";
    }
    return "default";
}

}  // namespace cvstroom::cli
