#include "store/sqlite/backup.hpp"

#include <memory>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/log_table.hpp"
#include "store/sqlite/schema.hpp"

namespace cvstroom::store {
namespace {

using sqlite::Connection;
using sqlite::SqliteFault;
using sqlite::Transaction;

constexpr int pages_a_step = 2000;

struct FinishBackup {
    void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

// The reading transaction that the caller has open on `source` pins what is copied: other connections' writes neither
// show up in the copy nor make it begin anew.
void copy_pages(Connection& source, Connection& target, const CopyProgress& progress) {
    const std::unique_ptr<sqlite3_backup, FinishBackup> backup(
        sqlite3_backup_init(target.handle(), "main", source.handle(), "main"));
    if (!backup) throw SqliteFault(sqlite3_errcode(target.handle()), sqlite3_errmsg(target.handle()));
    for (;;) {
        const int code = sqlite3_backup_step(backup.get(), pages_a_step);
        const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
        progress(total - static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get())), total);
        if (code == SQLITE_DONE) return;
        if (code != SQLITE_OK) throw SqliteFault(code, std::string("copying: ") + sqlite3_errstr(code));
    }
}

void check_every_page(Connection& connection) {
    auto query = connection.query("PRAGMA integrity_check(1)");
    if (!query.step() || query.text(0) != "ok") {
        throw SqliteFault(SQLITE_CORRUPT, "the database is damaged: " + std::string(query.text(0)));
    }
}

template <typename Work>
auto guarded(const std::filesystem::path& file, const Work& work) -> Result<decltype(work())> {
    try {
        return work();
    } catch (const SqliteFault& fault) {
        return fail(fault.error_code(), fault.what(), file.string());
    }
}

}  // namespace

Result<DatabaseCopy> copy_database(const std::filesystem::path& source, const std::filesystem::path& target,
                                   const CopyProgress& progress) {
    std::error_code error;
    if (!std::filesystem::exists(source, error))
        return fail(ErrorCode::not_found, "there is no such database", source.string());
    return guarded(target, [&] {
        Connection from(source, Connection::Access::read_write);
        sqlite::configure_reader(from);
        Connection to(target, Connection::Access::read_write_create);
        to.execute("PRAGMA synchronous = FULL");
        const Transaction snapshot(from, Transaction::Kind::read);
        const DatabaseCopy copy{sqlite::read_identity(from).epoch, sqlite::read_head(from).seq};
        copy_pages(from, to, progress);
        return copy;
    });
}

Result<Uuid> begin_new_history(const std::filesystem::path& file) {
    return guarded(file, [&] {
        Connection connection(file, Connection::Access::read_write);
        connection.execute("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL");
        check_every_page(connection);
        const Uuid epoch = Uuid::random();
        Transaction transaction(connection, Transaction::Kind::write);
        connection.query("UPDATE identity SET epoch = ?").bind_blob(1, epoch.bytes.data(), epoch.bytes.size()).run();
        transaction.commit();
        return epoch;
    });
}

}  // namespace cvstroom::store
