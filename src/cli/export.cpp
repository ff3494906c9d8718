// cvstroom export: the published documents, one a line.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>

#include "cli/acting_person.hpp"
#include "cli/audit_options.hpp"
#include "cli/command.hpp"
#include "cli/disclosure.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"
#include "cli/progress.hpp"
#include "store/document_codec.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path database;
    std::filesystem::path file = "-";
    std::filesystem::path audit;
    std::string by;
};

// An unknown member is kept byte for byte, and may hold line ends between its tokens. Outside strings white space means
// nothing, and inside strings JSON knows no raw line ends: a space in their place keeps one document on one line.
std::string on_one_line(std::string document) {
    std::replace_if(
        document.begin(), document.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return document;
}

// Who is given what stands in the audit before it is given. A CV that changes meanwhile is recorded and not written.
Result<void> record_export(const Options& options, store::SqliteStore& store, store::Seq until) {
    std::vector<audit::Disclosed> cvs;
    const auto visited = store.visit_published(0, until, [&cvs](const store::Change& change, std::string_view) {
        cvs.push_back({change.cv, change.version});
        return true;
    });
    if (!visited) return visited;
    return record_disclosure(store, audit_folder(options.audit, options.database), "export", acting_person(options.by),
                             cvs);
}

int run_export(const Options& options) {
    std::ofstream file;
    const bool is_standard_output = options.file == "-";
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    std::ostream& output = is_standard_output ? std::cout : file;
    const auto head = (*store)->head();
    if (!head) return report_failure(to_string(head.error()));
    if (const auto recorded = record_export(options, **store, head->seq); !recorded) {
        return report_failure(to_string(recorded.error()) + "; nothing was exported, for it could not be recorded");
    }
    if (!is_standard_output) file.open(options.file, std::ios::binary | std::ios::trunc);
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
    command->add_option("--audit", options->audit, "folder with the audit; beside the database unless given");
    command->add_option("--by", options->by, "who receives it; you@host unless given");
    command->footer(
        "Recorded in the audit, with who did it. One consistent snapshot, in log order: what 'cvstroom import' reads.\n"
        "Example:  cvstroom export --database cv.db --output candidates.ndjson");
    command->callback([options, &program] { program.run = [options] { return run_export(*options); }; });
}

}  // namespace cvstroom::cli
