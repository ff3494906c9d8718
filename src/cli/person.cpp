// cvstroom person: what is held of a person and who received it; and its erasure.
#include <fmt/format.h>

#include <memory>

#include "api/person.hpp"
#include "cli/audit_options.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path database;
    std::filesystem::path audit;
    std::string id;
};

int run_export(const Options& options, store::SqliteStore& store, const Uuid& cv) {
    const auto text = api::export_person(store, audit_folder(options.audit, options.database), cv);
    if (!text) return report_failure(to_string(text.error()));
    fmt::print("{}\n", *text);
    return exit_success;
}

int run_erase(const Options&, store::SqliteStore& store, const Uuid& cv) {
    const Date today{std::chrono::floor<std::chrono::days>(system_clock().now())};
    const auto erasure = api::erase_person(store, cv, today);
    if (!erasure) return report_failure(to_string(erasure.error()));
    const bool is_new = erasure->result.effect == store::Effect::erased;
    fmt::print("{} {}\n", cv.to_string(), is_new ? "is erased" : "was erased before");
    if (erasure->is_scrubbed) {
        fmt::print(stderr,
                   "Nothing of it is left in the database's files. Backups that were taken before still hold it.\n");
        return exit_success;
    }
    fmt::print(stderr,
               "Somebody still reads an older state, which stays in the write-ahead log until then: repeat this.\n");
    return exit_partial;
}

int run(const Options& options, int (*action)(const Options&, store::SqliteStore&, const Uuid&)) {
    const auto cv = Uuid::parse(options.id);
    if (!cv) return report_failure(fmt::format("'{}' is not a UUID; nothing was done", options.id));
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    return action(options, **store, *cv);
}

CLI::App* add_action(CLI::App& command, const std::string& name, const std::string& what,
                     const std::shared_ptr<Options>& options, Program& program,
                     int (*action)(const Options&, store::SqliteStore&, const Uuid&)) {
    auto* subcommand = command.add_subcommand(name, what);
    subcommand->add_option("--database", options->database, "SQLite file")->required();
    subcommand->add_option("id", options->id, "the CV's id")->required();
    subcommand->callback(
        [options, &program, action] { program.run = [options, action] { return run(*options, action); }; });
    return subcommand;
}

}  // namespace

void add_person(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("person", "the rights of the person whose CV it is");
    command->require_subcommand(1);
    command->footer(
        "Both work while a server runs. Erasing: the tombstone stays, partners see VERWIJDERD in the feed, and the "
        "record of\n"
        "who received the CV stays too. Exit code of erase: 3 when something still has to be overwritten.\n"
        "Example:  cvstroom person export --database cv.db 30dbfef1-59df-4521-a111-964bf0208e68");
    auto* exporting = add_action(*command, "export", "all that is held, and all who received it, as one JSON object",
                                 options, program, run_export);
    exporting->add_option("--audit", options->audit, "folder with the audit; beside the database unless given");
    add_action(*command, "erase", "every personal datum, from every file; only the tombstone stays", options, program,
               run_erase);
}

}  // namespace cvstroom::cli
