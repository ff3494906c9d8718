// cvstroom serve: the server that a provider runs.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/node.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    NodeConfig node;
    std::string listen = "127.0.0.1:8443";
    std::string administration = "127.0.0.1:8444";
};

int serve(Options& options) {
    if (const auto done = parse_endpoint(options.listen, options.node.address, options.node.port); !done) {
        return report_failure("--listen: " + to_string(done.error()));
    }
    if (const auto done = parse_endpoint(options.administration, options.node.administration_address,
                                         options.node.administration_port);
        !done) {
        return report_failure("--administration: " + to_string(done.error()));
    }
    block_stop_signals();
    const auto node = Node::open(options.node);
    if (!node) return report_failure(to_string(node.error()));
    (*node)->start();
    spdlog::info("serving partners on port {}, administration on port {}", (*node)->port(),
                 (*node)->administration_port());
    wait_for_stop_signal();
    spdlog::info("stopping: requests under way are finished first");
    (*node)->stop();
    return exit_success;
}

}  // namespace

void add_serve(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("serve", "serve a database of CVs over HTTPS");
    command->add_option("--database", options->node.database, "SQLite file (see 'cvstroom import')")->required();
    command->add_option("--certificate", options->node.certificate, "certificate chain, PEM")->required();
    command->add_option("--private-key", options->node.private_key, "its private key, PEM")->required();
    command->add_option("--listen", options->listen, "address:port for partners")->capture_default_str();
    command->add_option("--administration", options->administration, "address:port for the provider")
        ->capture_default_str();
    command->add_option("--threads", options->node.threads, "threads that serve; 0: one a core")->capture_default_str();
    command->add_option("--cache", options->node.cache_megabytes, "memory for documents, in MB")->capture_default_str();
    command->footer(
        "Ctrl-C or SIGTERM stops it; requests under way are finished first.\n"
        "Example:  cvstroom serve --database cv.db --certificate chain.pem --private-key key.pem --listen 0.0.0.0:443");
    command->callback([options, &program] {
        program.run = [options, &program] {
            options->node.resources = program.resources;
            return serve(*options);
        };
    });
}

}  // namespace cvstroom::cli
