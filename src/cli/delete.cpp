// cvstroom delete: erases CVs; only their tombstones are left.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <vector>

#include "api/intake_report.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"
#include "store/intake.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path database;
    std::vector<std::string> ids;
};

int run_delete(const Options& options) {
    const Date today{std::chrono::floor<std::chrono::days>(system_clock().now())};
    std::vector<store::Write> erasures;
    for (const auto& text : options.ids) {
        const auto id = Uuid::parse(text);
        if (!id) return report_failure(fmt::format("'{}' is not a UUID; nothing was deleted", text));
        erasures.push_back(store::make_erasure(*id, today));
    }
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto results = (*store)->append(erasures);
    if (!results) return report_failure(to_string(results.error()));
    bool is_partial = false;
    for (std::size_t i = 0; i < results->size(); ++i) {
        const auto effect = (*results)[i].effect;
        fmt::print("{} {}\n", erasures[i].cv.to_string(), api::wire_name(effect));
        is_partial = is_partial || effect == store::Effect::unknown;
    }
    return is_partial ? exit_partial : exit_success;
}

}  // namespace

void add_delete(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("delete", "erase CVs: every personal datum goes, the tombstone stays");
    command->add_option("--database", options->database, "SQLite file")->required();
    command->add_option("ids", options->ids, "the CVs' ids")->required();
    command->footer(
        "Partners see the erasure in the feed as VERWIJDERD. All ids are erased in one transaction.\n"
        "Exit code: 0 all erased, 3 some ids never existed.\n"
        "Example:  cvstroom delete --database cv.db 30dbfef1-59df-4521-a111-964bf0208e68");
    command->callback([options, &program] { program.run = [options] { return run_delete(*options); }; });
}

}  // namespace cvstroom::cli
