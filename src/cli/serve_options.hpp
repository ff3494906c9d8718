// The options of 'cvstroom serve', which 'cvstroom config check' reads too.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "base/result.hpp"
#include "cli/node.hpp"

namespace cvstroom::cli {

struct ServeOptions {
    NodeConfig node;
    std::string listen = "127.0.0.1:8443";
    std::string administration = "127.0.0.1:8444";

    // Reads what the command line could not: the endpoints. The Error names the option.
    Result<NodeConfig> node_config() const;
};

// How long the log is kept; for the sandbox too.
void add_retention_options(CLI::App& command, feed::Retention& retention);

void add_serve_options(CLI::App& command, ServeOptions& options);

}  // namespace cvstroom::cli
