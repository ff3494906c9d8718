// The program: reads the command line and runs one command.
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/logging.hpp"

namespace cvstroom::cli {
namespace {

// Beside the program when it is installed, in the source tree when it is built there.
std::filesystem::path find_resources() {
    if (const char* given = std::getenv("CVSTROOM_RESOURCES")) return given;
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto installed = program.parent_path().parent_path() / "share/cvstroom";
    if (!error && std::filesystem::exists(installed / "data")) return installed;
    return CVSTROOM_RESOURCES;
}

int run(int argc, char** argv) {
    std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of the write, which is told
    set_up_logging({});
    Program program;
    LogOptions logging;
    CLI::App app{"cvstroom: serve CVs to partners, try the API out, and keep a copy in step.", "cvstroom"};
    app.set_version_flag("--version", CVSTROOM_VERSION);
    app.require_subcommand(1);
    app.get_formatter()->column_width(38);
    app.footer(
        "Try:  cvstroom sandbox        (a server with fictional CVs on https://localhost:8443)\n"
        "      cvstroom COMMAND --help (every option, with its default)");
    app.add_option("--resources", program.resources, "folder that holds data/ and docs/openapi.yaml")
        ->default_val(find_resources().string());
    app.add_option("--log-format", logging.format, "text, or json: one object a line")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    app.add_option("--log-level", logging.level, "debug (a line a request), info, warn or error")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
        ->capture_default_str();
    add_sandbox(app, program);
    add_serve(app, program);
    add_import(app, program);
    add_mirror(app, program);
    add_export(app, program);
    add_delete(app, program);
    add_partner(app, program);
    add_key(app, program);
    add_receipts(app, program);
    add_reference(app, program);
    add_search(app, program);
    add_generate(app, program);
    add_audit(app, program);
    add_person(app, program);
    add_backup(app, program);
    add_restore(app, program);
    add_config(app, program);
    add_completion(app, program);
    program.settings.attach(app, argc, argv);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_success : exit_usage;
    }
    set_up_logging(logging);
    return program.run();
}

}  // namespace

int report_failure(const std::string& message) {
    std::cerr << "cvstroom: " << message << '\n';
    return exit_failure;
}

}  // namespace cvstroom::cli

int main(int argc, char** argv) {
    try {
        return cvstroom::cli::run(argc, argv);
    } catch (const std::exception& error) {
        return cvstroom::cli::report_failure(error.what());
    }
}
