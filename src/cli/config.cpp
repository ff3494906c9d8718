// cvstroom config: what 'cvstroom serve' would run with, and where each value comes from.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/json_writer.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/serve_options.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    ServeOptions serve;
    bool json = false;
};

struct Row {
    std::string option;
    std::string value;
    std::string source;
};

// Options hold no secrets: a key's file is named, its content never read here.
std::vector<Row> effective_values(const CLI::App& command, const Settings& settings) {
    std::vector<Row> rows;
    for (const auto* option : command.get_options()) {
        const auto& names = option->get_lnames();
        if (names.empty() || names.front() == "help" || names.front() == "json") continue;
        const auto value = option->count() > 0 ? CLI::detail::join(option->results(), " ") : option->get_default_str();
        rows.push_back({names.front(), value, settings.source_of(command, *option)});
    }
    return rows;
}

void check_readable(const char* option, const std::filesystem::path& file, std::vector<std::string>& faults) {
    if (access(file.c_str(), R_OK) == 0) return;
    faults.push_back(fmt::format("--{}: {} cannot be read by this user", option, file.string()));
}

std::vector<std::string> find_faults(const ServeOptions& options) {
    std::vector<std::string> faults;
    if (const auto config = options.node_config(); !config) faults.push_back(to_string(config.error()));
    check_readable("database", options.node.database, faults);
    check_readable("certificate", options.node.certificate, faults);
    check_readable("private-key", options.node.private_key, faults);
    return faults;
}

void print_text(const std::vector<Row>& rows, const std::vector<std::string>& faults) {
    for (const auto& row : rows) fmt::print("{:18} {:34} {}\n", row.option, row.value, row.source);
    for (const auto& fault : faults) fmt::print(stderr, "wrong: {}\n", fault);
}

void print_json(const std::vector<Row>& rows, const std::vector<std::string>& faults) {
    std::string text;
    JsonWriter json(text);
    json.begin_object().key("options").begin_array();
    for (const auto& row : rows) {
        json.begin_object().member("option", row.option).member("value", row.value).member("source", row.source);
        json.end_object();
    }
    json.end_array().key("faults").begin_array();
    for (const auto& fault : faults) json.string(fault);
    json.end_array().end_object();
    fmt::print("{}\n", text);
}

int check(const Options& options, const CLI::App& command, const Settings& settings) {
    const auto rows = effective_values(command, settings);
    const auto faults = find_faults(options.serve);
    options.json ? print_json(rows, faults) : print_text(rows, faults);
    return faults.empty() ? exit_success : exit_failure;
}

}  // namespace

void add_config(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("config", "see which settings a server would run with");
    command->require_subcommand(1);
    auto* checking = command->add_subcommand("check", "print the settings of 'serve' with their sources; try them");
    add_serve_options(*checking, options->serve);
    checking->add_flag("--json", options->json, "one JSON object");
    checking->footer(
        "The command line goes before the environment (CVSTROOM_LISTEN for --listen), that before the file, and that\n"
        "before the defaults. A file has a section a command:\n\n"
        "    log-format = \"json\"\n"
        "    [serve]\n"
        "    database = \"/var/lib/cvstroom/cv.db\"\n"
        "    listen = \"0.0.0.0:8443\"\n\n"
        "Exit code: 0 the settings can work, 1 something is wrong and is named.\n"
        "Example:  cvstroom config check --config /etc/cvstroom/cvstroom.toml");
    checking->callback([options, checking, &program] {
        program.run = [options, checking, &program] { return check(*options, *checking, program.settings); };
    });
}

}  // namespace cvstroom::cli
