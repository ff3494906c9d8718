// cvstroom restore: a database from a backup, checked, with a new epoch.
#include <fmt/format.h>

#include <memory>

#include "base/durable_file.hpp"
#include "cli/audit_options.hpp"
#include "cli/backup_folder.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "store/sqlite/backup.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path backup;
    std::filesystem::path database;
    std::filesystem::path audit;
};

Result<void> refuse_to_overwrite(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return {};
    return fail(ErrorCode::conflict, "is there already; move it away first. Nothing was written", path.string());
}

// The audit's files, into a folder under another name.
Result<void> copy_audit(const Options& options, const Manifest& manifest, const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail(ErrorCode::io, error.message(), folder.string());
    for (const auto& file : manifest.files) {
        if (file.name == backup_database) continue;
        const auto target = folder / std::filesystem::path(file.name).filename();
        if (auto copied = copy_file_durably(options.backup / file.name, target); !copied) return copied;
    }
    return sync_folder(folder);
}

Result<Uuid> restore_into(const Options& options, const Manifest& manifest, const std::filesystem::path& database,
                          const std::filesystem::path& audit) {
    if (auto copied = copy_file_durably(options.backup / backup_database, database); !copied) {
        return tl::unexpected(copied.error());
    }
    auto epoch = store::begin_new_history(database);
    if (!epoch) return epoch;
    if (auto copied = copy_audit(options, manifest, audit); !copied) return tl::unexpected(copied.error());
    std::error_code error;
    const auto final_audit = audit_folder(options.audit, options.database);
    std::filesystem::rename(audit, final_audit, error);
    if (error) return fail(ErrorCode::io, error.message(), final_audit.string());
    std::filesystem::rename(database, options.database, error);  // last: with it the restored database is there
    if (error) return fail(ErrorCode::io, error.message(), options.database.string());
    if (auto synced = sync_folder(options.database.parent_path()); !synced) return tl::unexpected(synced.error());
    return epoch;
}

Result<Uuid> restore(const Options& options) {
    const auto manifest = read_manifest(options.backup);
    if (!manifest) return tl::unexpected(manifest.error());
    if (auto checked = check_files(options.backup, *manifest); !checked) return tl::unexpected(checked.error());
    for (const auto& path : {options.database, audit_folder(options.audit, options.database)}) {
        if (auto free = refuse_to_overwrite(path); !free) return tl::unexpected(free.error());
    }
    const std::filesystem::path database = options.database.string() + ".partial";
    const std::filesystem::path audit = audit_folder(options.audit, options.database).string() + ".partial";
    std::error_code ignored;  // left over from an interrupted restore, if they are there
    std::filesystem::remove(database, ignored);
    std::filesystem::remove_all(audit, ignored);
    auto epoch = restore_into(options, *manifest, database, audit);
    if (!epoch) {
        std::filesystem::remove(database, ignored);
        std::filesystem::remove_all(audit, ignored);
    }
    return epoch;
}

int run_restore(const Options& options) {
    const auto epoch = restore(options);
    if (!epoch) return report_failure(to_string(epoch.error()));
    fmt::print("{} is restored, with the new epoch {}\n", options.database.string(), epoch->to_string());
    fmt::print(stderr,
               "Partners' cursors of before are refused with 410 and start over. Who asked to be erased after the "
               "backup was taken must be erased again.\n");
    return exit_success;
}

}  // namespace

void add_restore(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("restore", "make a database from a backup");
    command->add_option("--from", options->backup, "the backup's folder")->required();
    command->add_option("--database", options->database, "SQLite file to make; must not be there yet")->required();
    command->add_option("--audit", options->audit, "folder to make for the audit; beside the database unless given");
    command->footer(
        "Checks every digest and every page first. The restored history gets a new epoch: a partner's cursor may point "
        "at\n"
        "what was written after the backup, so it is refused (410) with the way to start over.\n"
        "Example:  cvstroom restore --from backup-2026-02-13 --database cv.db");
    command->callback([options, &program] { program.run = [options] { return run_restore(*options); }; });
}

}  // namespace cvstroom::cli
