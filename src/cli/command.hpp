// A command of the program: a function that adds itself to the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "cli/settings.hpp"

namespace cvstroom::cli {

// What the commands share. A command sets `run`; main calls it after the command line has been read.
struct Program {
    std::filesystem::path resources;  // where data/ and docs/openapi.yaml are
    std::function<int()> run;
    Settings settings;  // where the options' values came from
};

void add_serve(CLI::App& app, Program& program);
void add_sandbox(CLI::App& app, Program& program);
void add_import(CLI::App& app, Program& program);
void add_mirror(CLI::App& app, Program& program);
void add_export(CLI::App& app, Program& program);
void add_delete(CLI::App& app, Program& program);
void add_generate(CLI::App& app, Program& program);
void add_key(CLI::App& app, Program& program);
void add_audit(CLI::App& app, Program& program);
void add_person(CLI::App& app, Program& program);
void add_backup(CLI::App& app, Program& program);
void add_restore(CLI::App& app, Program& program);
void add_receipts(CLI::App& app, Program& program);
void add_config(CLI::App& app, Program& program);
void add_partner(CLI::App& app, Program& program);
void add_reference(CLI::App& app, Program& program);
void add_search(CLI::App& app, Program& program);
void add_completion(CLI::App& app, Program& program);

// "cvstroom: message" on standard error; returns exit_failure.
int report_failure(const std::string& message);

}  // namespace cvstroom::cli
