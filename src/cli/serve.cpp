// cvstroom serve: the server that a provider runs.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/node.hpp"
#include "cli/serve_options.hpp"
#include "cli/service_manager.hpp"

namespace cvstroom::cli {
namespace {

int serve(const ServeOptions& options) {
    const auto config = options.node_config();
    if (!config) return report_failure(to_string(config.error()));
    block_stop_signals();
    const auto node = Node::open(*config);
    if (!node) return report_failure(to_string(node.error()));
    (*node)->start();
    spdlog::info("serving partners on port {}, administration on port {}", (*node)->port(),
                 (*node)->administration_port());
    notify_service_manager("READY=1");
    wait_for_stop_signal();
    notify_service_manager("STOPPING=1");
    spdlog::info("stopping: requests under way are finished first");
    (*node)->stop();
    return exit_success;
}

}  // namespace

void add_serve(CLI::App& app, Program& program) {
    auto options = std::make_shared<ServeOptions>();
    auto* command = app.add_subcommand("serve", "serve a database of CVs over HTTPS");
    add_serve_options(*command, *options);
    command->footer(
        "Ctrl-C or SIGTERM stops it; requests under way are finished first. Every option can stand in a file too, "
        "under\n"
        "[serve], or in the environment as CVSTROOM_<OPTION>: see 'cvstroom config check'.\n"
        "Example:  cvstroom serve --database cv.db --certificate chain.pem --private-key key.pem --listen 0.0.0.0:443");
    command->callback([options, &program] {
        program.run = [options, &program] {
            options->node.resources = program.resources;
            return serve(*options);
        };
    });
}

}  // namespace cvstroom::cli
