// cvstroom export: the published documents, one a line.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"
#include "cli/progress.hpp"
#include "store/document_codec.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path database;
    std::filesystem::path file = "-";
};

// An unknown member is kept byte for byte, and may hold line ends between its tokens. Outside strings white space means
// nothing, and inside strings JSON knows no raw line ends: a space in their place keeps one document on one line.
std::string on_one_line(std::string document) {
    std::replace_if(
        document.begin(), document.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return document;
}

int run_export(const Options& options) {
    std::ofstream file;
    const bool is_standard_output = options.file == "-";
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    if (!is_standard_output) file.open(options.file, std::ios::binary | std::ios::trunc);
    std::ostream& output = is_standard_output ? std::cout : file;
    const auto head = (*store)->head();
    if (!head) return report_failure(to_string(head.error()));
    Progress progress("exporting", "CVs", head->published);
    std::uint64_t done = 0;
    Result<void> outcome;
    const auto visited =
        (*store)->visit_published(0, head->seq, [&](const store::Change& change, std::string_view frame) {
            auto document = store::decompress_document(frame);
            if (!document) {
                outcome = fail(document.error().code, document.error().message, "CV " + change.cv.to_string());
                return false;
            }
            output << on_one_line(std::move(*document)) << '\n';
            progress.update(++done);
            return output.good();
        });
    output.flush();
    if (!visited) return report_failure(to_string(visited.error()));
    if (!outcome) return report_failure(to_string(outcome.error()));
    if (!output) return report_failure(fmt::format("{}: cannot be written", options.file.string()));
    progress.finish(done);
    return exit_success;
}

}  // namespace

void add_export(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("export", "write all published documents, one JSON document a line (NDJSON)");
    command->add_option("--database", options->database, "SQLite file")->required();
    command->add_option("--output", options->file, "the file; - for standard output")->capture_default_str();
    command->footer(
        "One consistent snapshot, in log order: what 'cvstroom import' reads.\n"
        "Example:  cvstroom export --database cv.db --output candidates.ndjson");
    command->callback([options, &program] { program.run = [options] { return run_export(*options); }; });
}

}  // namespace cvstroom::cli
