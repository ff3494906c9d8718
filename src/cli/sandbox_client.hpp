// What the commands that speak to a running sandbox share: where it is, and one call to it.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "cli/sandbox_home.hpp"

namespace cvstroom::cli {

struct SandboxConnection {
    SandboxHome home{"var/sandbox"};
    std::string url = "https://localhost:8443";
    std::filesystem::path key_file;  // empty: the key of the sandbox in `home`
    std::filesystem::path ca_file;   // empty: its certificate
    std::string language = "en";
};

void add_connection_options(CLI::App& command, SandboxConnection& connection);

struct SandboxCall {
    const char* method;
    std::string path;  // "/sandbox/v1/controle"
    const char* content_type;
    std::string body;
};

struct SandboxAnswer {
    long status = 0;
    std::string body;
};

// An Error when there is no answer at all.
Result<SandboxAnswer> call_sandbox(const SandboxConnection& connection, const SandboxCall& call);

// What is wrong with a call that was refused, one fault a line, for a person.
std::string describe_refusal(const SandboxAnswer& answer);

}  // namespace cvstroom::cli
