// cvstroom import: many documents from a file into the database.
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <memory>

#include "api/intake_report.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"
#include "cli/progress.hpp"
#include "store/bulk_load.hpp"
#include "store/loaded_lists.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path database;
    std::filesystem::path file;
    bool json = false;
};

void report_line(const store::LineOutcome& outcome, bool json) {
    if (json) {
        std::string line;
        api::append_line_report(outcome, line);
        std::cout << line;
        return;
    }
    for (const auto& fault : outcome.faults) {
        fmt::print(stderr, "\rline {}: {}{}{}\n", outcome.line, fault.pointer, fault.pointer.empty() ? "" : ": ",
                   fault.message);
    }
}

void report_summary(const store::LoadSummary& summary, bool json) {
    if (json) {
        std::string line;
        api::append_summary(summary, line);
        std::cout << line;
        return;
    }
    fmt::print("{} lines: {} created, {} changed, {} unchanged, {} erased, {} refused\n", summary.lines,
               summary.created, summary.changed, summary.unchanged, summary.erased, summary.refused);
}

int run_import(const Options& options, const Program& program) {
    std::ifstream file;
    const bool is_standard_input = options.file == "-";
    if (!is_standard_input) {
        file.open(options.file, std::ios::binary);
        if (!file) return report_failure(fmt::format("{}: cannot be read", options.file.string()));
    }
    std::istream& input = is_standard_input ? std::cin : file;
    const auto store = open_store(options.database, store::SqliteStore::Mode::create_if_missing);
    if (!store) return report_failure(to_string(store.error()));
    Progress progress("importing", "lines", 0);
    std::uint64_t done = 0;
    const auto summary = store::load_lines(
        **store, [&] { return store::read_lists(**store, program.resources / "data"); },
        [&input](std::string& line) { return static_cast<bool>(std::getline(input, line)); },
        [&](const store::LineOutcome& outcome) {
            report_line(outcome, options.json);
            progress.update(++done);
        });
    if (!summary)
        return report_failure(
            fmt::format("stopped after {} lines, which are stored: {}", done, to_string(summary.error())));
    progress.finish(done);
    report_summary(*summary, options.json);
    return summary->refused > 0 ? exit_partial : exit_success;
}

}  // namespace

void add_import(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("import", "store documents from a file, one JSON document a line (NDJSON)");
    command->add_option("--database", options->database, "SQLite file; made when it is not there")->required();
    command->add_option("file", options->file, "the file; - for standard input")->required();
    command->add_flag("--json", options->json,
                      "a JSON object for every line on standard output, and one with the counts");
    command->footer(
        "Good lines are stored, bad ones reported with their number and every fault (JSON Pointer).\n"
        "Exit code: 0 all stored, 3 some lines refused, 1 the store failed.\n"
        "A server on the same database shows the changes within a second.\n"
        "Example:  cvstroom import --database cv.db candidates.ndjson");
    command->callback(
        [options, &program] { program.run = [options, &program] { return run_import(*options, program); }; });
}

}  // namespace cvstroom::cli
