// Runs commands, most of all the program in a folder of its own, as a person at a shell does. For tests that are built
// with PROGRAM.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "tests/support/temporary_folder.hpp"

namespace cvstroom::test {

struct Outcome {
    int code = -1;
    std::string output;
};

// What a shell makes of a line; what stands on standard error is not in the output.
inline Outcome run_shell(const std::string& line) {
    FILE* pipe = popen(line.c_str(), "r");
    Outcome outcome;
    char buffer[4096];
    while (const std::size_t size = fread(buffer, 1, sizeof buffer, pipe)) outcome.output.append(buffer, size);
    const int status = pclose(pipe);
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return outcome;
}

class CommandLine {
  public:
    // `before` stands before the program: assignments, or a command and a semicolon.
    Outcome run(const std::string& arguments, const std::string& before = "") const {
        return shell(before + " " CVSTROOM_PROGRAM " " + arguments);
    }
    // With what stands on standard error, unless the command sends that elsewhere.
    Outcome shell(const std::string& command) const {
        const bool has_errors = command.find("2>") == std::string::npos;
        return run_shell("cd " + folder_.path().string() + " && " + command + (has_errors ? " 2>&1" : ""));
    }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name, std::ios::binary) << text;
    }
    std::string read(const std::string& name) const {
        std::ifstream input(folder_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(input), {}};
    }
    std::filesystem::path path(const std::string& name) const { return folder_ / name; }

  private:
    TemporaryFolder folder_;
};

}  // namespace cvstroom::test
