// cvstroom backup: a checked copy of the database and its audit, taken while a server runs.
#include <fmt/format.h>

#include <memory>
#include <vector>

#include "audit/folder.hpp"
#include "audit/prune.hpp"
#include "base/durable_file.hpp"
#include "base/json_writer.hpp"
#include "cli/audit_options.hpp"
#include "cli/backup_folder.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"
#include "cli/progress.hpp"
#include "store/sqlite/backup.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path database;
    std::filesystem::path audit;
    std::filesystem::path output;
    bool json = false;
};

// The audit after the database: then it holds every seal that the database remembers.
Result<void> copy_audit(const std::filesystem::path& from, const std::filesystem::path& folder, Manifest& manifest) {
    const auto files = audit::list_files(from);
    if (!files) return tl::unexpected(files.error());
    std::error_code error;
    std::filesystem::create_directories(folder / backup_audit, error);
    if (error) return fail(ErrorCode::io, error.message(), (folder / backup_audit).string());
    std::vector<std::filesystem::path> paths;
    for (const auto& file : *files) paths.push_back(file.path);
    if (std::filesystem::exists(from / audit::pruned_name, error)) paths.push_back(from / audit::pruned_name);
    for (const auto& path : paths) {
        const auto name = std::string(backup_audit) + "/" + path.filename().string();
        if (auto copied = copy_file_durably(path, folder / name); !copied) return copied;
        auto described = describe_file(folder, name);
        if (!described) return tl::unexpected(described.error());
        manifest.files.push_back(std::move(*described));
    }
    return sync_folder(folder / backup_audit);
}

Result<Manifest> fill(const Options& options, const std::filesystem::path& folder) {
    Progress progress("backing up", "pages", 0);
    std::uint64_t pages = 0;
    const auto copy = store::copy_database(options.database, folder / backup_database,
                                           [&](std::uint64_t done, std::uint64_t) { progress.update(pages = done); });
    if (!copy) return tl::unexpected(copy.error());
    progress.finish(pages);
    Manifest manifest{format_instant(system_clock().now()), copy->epoch.to_string(), copy->seq, {}};
    auto database = describe_file(folder, backup_database);
    if (!database) return tl::unexpected(database.error());
    manifest.files.push_back(std::move(*database));
    if (auto copied = copy_audit(audit_folder(options.audit, options.database), folder, manifest); !copied) {
        return tl::unexpected(copied.error());
    }
    if (auto written = write_manifest(folder, manifest); !written) return tl::unexpected(written.error());
    return manifest;
}

// Under another name until it is whole; a backup that fails leaves nothing.
Result<Manifest> make_backup(const Options& options) {
    std::error_code error;
    if (std::filesystem::exists(options.output, error)) {
        return fail(ErrorCode::conflict, "is there already; nothing was written", options.output.string());
    }
    const std::filesystem::path partial = options.output.string() + ".partial";
    std::filesystem::remove_all(partial, error);
    if (!std::filesystem::create_directory(partial, error)) {
        return fail(ErrorCode::io, "the folder cannot be made: " + error.message(), partial.string());
    }
    std::filesystem::permissions(partial, std::filesystem::perms::owner_all, error);
    auto manifest = fill(options, partial);
    if (manifest) {
        std::filesystem::rename(partial, options.output, error);
        if (error) manifest = fail(ErrorCode::io, error.message(), options.output.string());
    }
    if (!manifest) {
        std::error_code ignored;  // the failure itself is what is told
        std::filesystem::remove_all(partial, ignored);
        return manifest;
    }
    if (const auto synced = sync_folder(options.output.parent_path()); !synced) return tl::unexpected(synced.error());
    return manifest;
}

int run_backup(const Options& options) {
    const auto manifest = make_backup(options);
    if (!manifest) return report_failure(to_string(manifest.error()) + "; no backup was made");
    std::uint64_t bytes = 0;
    for (const auto& file : manifest->files) bytes += file.bytes;
    if (!options.json) {
        fmt::print("{}: the log up to {}, {} files, {} bytes\n", options.output.string(), manifest->seq,
                   manifest->files.size(), bytes);
        return exit_success;
    }
    std::string text;
    JsonWriter json(text);
    json.begin_object().member("backup", options.output.string()).member("taken", manifest->taken);
    json.member("epoch", manifest->epoch).member("seq", manifest->seq).member("files", manifest->files.size());
    json.member("bytes", bytes).end_object();
    fmt::print("{}\n", text);
    return exit_success;
}

}  // namespace

void add_backup(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("backup", "copy the database and its audit, while a server runs");
    command->add_option("--database", options->database, "SQLite file")->required();
    command->add_option("--audit", options->audit, "folder with the audit; beside the database unless given");
    command->add_option("--output", options->output, "the backup's folder; must not be there yet")->required();
    command->add_flag("--json", options->json, "one JSON object");
    command->footer(
        "One consistent state, however much is written meanwhile. Every file's digest stands in manifest.json. A "
        "backup\n"
        "holds the CVs as they were: delete it when those who asked to be erased since must not come back.\n"
        "Example:  cvstroom backup --database cv.db --output backup-2026-02-13");
    command->callback([options, &program] { program.run = [options] { return run_backup(*options); }; });
}

}  // namespace cvstroom::cli
