// Where options get their values: the command line, then the environment, then a file, then their defaults.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace cvstroom::cli {

// The environment's name of an option: "--private-key" is CVSTROOM_PRIVATE_KEY.
std::string environment_name(const std::string& option);

// One a run of the program. The file is TOML or INI as CLI11 reads it: a section a command ([serve]), and the options
// of the program itself before the first section. Commands that work on the same database take `database` and `audit`
// from [serve] unless they have a section of their own.
class Settings {
  public:
    // Adds --config, and gives the options of 'serve', the program's own, and every --database and --audit their names
    // in the environment. Call when all commands are there; `app` outlives the settings.
    void attach(CLI::App& app, int argc, char** argv);

    // "command line", "environment (CVSTROOM_…)", "file (…)" or "default"; after parsing.
    std::string source_of(const CLI::App& command, const CLI::Option& option) const;

  private:
    class File;

    CLI::App* app_ = nullptr;
    std::vector<std::string> arguments_;
    std::shared_ptr<std::set<std::string>> from_file_ = std::make_shared<std::set<std::string>>();
};

}  // namespace cvstroom::cli
