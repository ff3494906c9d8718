// The commands under 'cvstroom sandbox', which speak to a sandbox that is running.
#pragma once

#include "cli/command.hpp"
#include "cli/sandbox_client.hpp"

namespace cvstroom::cli {

void add_sandbox_fault(CLI::App& sandbox, Program& program);
void add_sandbox_check(CLI::App& sandbox, Program& program);

}  // namespace cvstroom::cli
