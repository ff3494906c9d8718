// cvstroom person: what is held of a person and who received it; and its erasure.
#include <fmt/format.h>

#include <memory>

#include "api/person.hpp"
#include "cli/acting_person.hpp"
#include "cli/audit_options.hpp"
#include "cli/command.hpp"
#include "cli/disclosure.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"
#include "index/purge.hpp"
#include "index/saved_index.hpp"
#include "index/text_extension.hpp"
#include "store/loaded_lists.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path database;
    std::filesystem::path audit;
    std::filesystem::path index_folder;
    std::filesystem::path resources;
    std::string id;
    std::string by;
};

int run_export(const Options& options, store::SqliteStore& store, const Uuid& cv) {
    const auto held = api::export_person(store, audit_folder(options.audit, options.database), cv);
    if (!held) return report_failure(to_string(held.error()));
    if (held->disclosed) {
        const auto recorded = record_disclosure(store, audit_folder(options.audit, options.database), "person",
                                                acting_person(options.by), {{cv, *held->disclosed}});
        if (!recorded) {
            return report_failure(to_string(recorded.error()) + "; nothing is given, for it could not be recorded");
        }
    }
    fmt::print("{}\n", held->json);
    return exit_success;
}

// How long a running server is given to take the CV out of its index: it looks four times a second, and then needs some
// seconds for a million CVs.
constexpr std::chrono::seconds purge_patience{60};

Result<api::Erasure> erase(const Options& options, store::SqliteStore& store, const Uuid& cv) {
    const Date today{std::chrono::floor<std::chrono::days>(system_clock().now())};
    const auto lists = store::ListFollower::open(store, options.resources / "data");
    if (!lists) return tl::unexpected(lists.error());
    const auto folder =
        options.index_folder.empty() ? index::saved_index_folder(options.database) : options.index_folder;
    return api::erase_person(store, cv, today, [&](store::Seq) {
        return index::purge_saved(store, (*lists)->lists(), folder, &index::text_extension(), purge_patience);
    });
}

int run_erase(const Options& options, store::SqliteStore& store, const Uuid& cv) {
    const auto erasure = erase(options, store, cv);
    if (!erasure) return report_failure(to_string(erasure.error()));
    const bool is_new = erasure->result.effect == store::Effect::erased;
    fmt::print("{} {}\n", cv.to_string(), is_new ? "is erased" : "was erased before");
    if (erasure->is_scrubbed && erasure->is_purged) {
        fmt::print(stderr,
                   "Nothing of it is left in the files of the database and of the index. Backups that were taken "
                   "before still hold it.\n");
        return exit_success;
    }
    if (!erasure->is_scrubbed) {
        fmt::print(
            stderr,
            "Somebody still reads an older state, which stays in the write-ahead log until then: repeat this.\n");
    }
    if (!erasure->is_purged) {
        fmt::print(stderr,
                   "The running server has not yet taken its id and codes out of the saved index; it does so within "
                   "ten minutes of the erasure. Repeating this waits for it again.\n");
    }
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
    subcommand->callback([options, &program, action] {
        program.run = [options, &program, action] {
            options->resources = program.resources;
            return run(*options, action);
        };
    });
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
    exporting->add_option("--by", options->by, "who receives it, for the audit; you@host unless given");
    auto* erasing = add_action(*command, "erase", "every personal datum, from every file; only the tombstone stays",
                               options, program, run_erase);
    erasing->add_option("--index-folder", options->index_folder,
                        "where the server saves its search index; beside the database unless given");
}

}  // namespace cvstroom::cli
