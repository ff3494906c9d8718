#include "mirror/sqlite/sqlite_sink.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstring>

#include "mirror/file_lock.hpp"
#include "mirror/sqlite/row_writer.hpp"
#include "mirror/sqlite/sqlite_schema.hpp"

namespace cvstroom::mirror {
namespace {

using store::sqlite::Connection;
using store::sqlite::Query;
using store::sqlite::SqliteFault;
using store::sqlite::Transaction;

// For what can be done later as well, when a reader is in the way.
constexpr std::chrono::milliseconds short_patience{100};

Error to_error(const SqliteFault& fault, const std::filesystem::path& file) {
    const std::string where = file.string();
    switch (fault.code() & 0xFF) {
        case SQLITE_FULL:
            return {ErrorCode::io, "the disk or the database is full; make room and start again, it goes on from there",
                    where};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_CANTOPEN:
            return {ErrorCode::refused,
                    fmt::format("cannot be written ({}); check the rights of the file and its folder", fault.what()),
                    where};
        case SQLITE_NOTADB:
            return {ErrorCode::conflict, fault.what(), where};
        default:
            return {fault.error_code(), fault.what(), where};
    }
}

Held read_held(const Query& query) {
    Held held;
    held.cv = Uuid::parse(query.text(0)).value_or(Uuid{});
    held.version = query.unsigned_integer(1);
    held.generation = query.unsigned_integer(2);
    if (query.blob(3).size() == held.digest.emplace().size()) {
        std::memcpy(held.digest->data(), query.blob(3).data(), held.digest->size());
    } else {
        held.digest.reset();
    }
    return held;
}

class SqliteSink final : public Sink {
  public:
    SqliteSink(std::filesystem::path file, Access access, FileLock lock)
        : file_(std::move(file)),
          lock_(std::move(lock)),
          connection_(file_, access == Access::read_write ? Connection::Access::read_write_create
                                                          : Connection::Access::read_only) {
        if (access == Access::read_only) {
            check_schema(connection_);
            return;
        }
        if (connection_.is_read_only()) throw SqliteFault(SQLITE_READONLY, "it is read-only");
        prepare_schema(connection_);
        connection_.execute("PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 1000");
        work_as_usual();
        writer_ = std::make_unique<RowWriter>(connection_);
        // A mirror that was killed between a removal's commit and its clearing away has left that to do.
        needs_scrub_ = true;
    }

    Result<State> state() override {
        return guarded([this]() -> Result<State> {
            std::vector<std::pair<std::string, std::string>> members;
            auto query = connection_.query("SELECT name, value FROM mirror_state");
            while (query.step()) members.emplace_back(query.text(0), query.text(1));
            return state_from_members(members);
        });
    }

    Result<Applied> apply(const Batch& batch) override {
        return guarded([&]() -> Result<Applied> {
            if (needs_log_ && !is_bulk_loading_) needs_log_ = !set_journal_mode("wal");
            Transaction transaction(connection_, Transaction::Kind::write);
            Applied applied;
            for (const auto& put : batch.puts) writer_->put(put, batch.state, applied);
            writer_->flush();
            for (const auto& removal : batch.removals) writer_->remove(removal, batch.state, applied);
            for (const auto& cv : batch.marks) writer_->mark(cv, batch.state);
            write_unresolved(batch);
            if (batch.is_end_of_listing) writer_->sweep(batch.state.generation, applied);
            for (const auto& [name, value] : to_members(batch.state)) {
                connection_.query("INSERT OR REPLACE INTO mirror_state VALUES(?, ?)")
                    .bind_text(1, name)
                    .bind_text(2, value)
                    .run();
            }
            transaction.commit();
            needs_scrub_ = needs_scrub_ || applied.removed > 0;
            if (needs_scrub_ && !is_bulk_loading_) try_scrub();
            return applied;
        });
    }

    Result<std::vector<Held>> held(std::span<const Uuid> cvs) override {
        return guarded([&]() -> Result<std::vector<Held>> {
            std::vector<Held> found;
            for (const auto& cv : cvs) {
                if (const auto held = writer_->held(cv)) found.push_back(*held);
            }
            return found;
        });
    }

    Result<void> visit(const std::function<void(const Held&)>& visitor) override {
        return guarded([&]() -> Result<void> {
            auto query = connection_.query("SELECT cv_id, version, generation, digest FROM cv ORDER BY cv_id");
            while (query.step()) visitor(read_held(query));
            return {};
        });
    }

    Result<std::optional<std::string>> document(const Uuid& cv) override {
        return guarded([&]() -> Result<std::optional<std::string>> {
            const auto id = cv.to_string();
            auto query = connection_.query("SELECT json FROM document JOIN cv USING(cv) WHERE cv_id = ?");
            query.bind_text(1, id);
            if (!query.step()) return std::optional<std::string>();
            return std::optional<std::string>(query.text(0));
        });
    }

    Result<std::vector<Unresolved>> unresolved() override {
        return guarded([&]() -> Result<std::vector<Unresolved>> {
            std::vector<Unresolved> list;
            auto query = connection_.query("SELECT cv_id, reason FROM mirror_unresolved ORDER BY cv_id");
            while (query.step()) {
                list.push_back({Uuid::parse(query.text(0)).value_or(Uuid{}), std::string(query.text(1))});
            }
            return list;
        });
    }

    Result<std::uint64_t> count() override {
        return guarded([&]() -> Result<std::uint64_t> {
            auto query = connection_.query("SELECT count(*) FROM cv");
            query.step();
            return query.unsigned_integer(0);
        });
    }

    Result<void> begin_bulk_load() override {
        return guarded([this]() -> Result<void> {
            drop_indexes(connection_);
            work_in_bulk();
            return {};
        });
    }

    Result<void> end_bulk_load() override {
        return guarded([this]() -> Result<void> {
            create_indexes(connection_);
            writer_->note_indexes();
            work_as_usual();
            return {};
        });
    }

    Result<std::uint64_t> remove_orphans() override {
        return guarded([this]() -> Result<std::uint64_t> {
            Transaction transaction(connection_, Transaction::Kind::write);
            const auto count = writer_->remove_orphans();
            transaction.commit();
            if (count > 0) try_scrub();
            return count;
        });
    }

    Result<void> scrub() override {
        return guarded([this]() -> Result<void> {
            try_scrub();
            return {};
        });
    }

  private:
    template <typename Work>
    auto guarded(const Work& work) -> decltype(work()) {
        try {
            return work();
        } catch (const SqliteFault& fault) {
            if (writer_) writer_->reset();
            return tl::unexpected(to_error(fault, file_));
        }
    }

    void write_unresolved(const Batch& batch) {
        for (const auto& each : batch.unresolved) {
            const auto id = each.cv.to_string();
            connection_.query("INSERT OR REPLACE INTO mirror_unresolved VALUES(?, ?)")
                .bind_text(1, id)
                .bind_text(2, each.reason)
                .run();
        }
        for (const auto& cv : batch.resolved) {
            const auto id = cv.to_string();
            connection_.query("DELETE FROM mirror_unresolved WHERE cv_id = ?").bind_text(1, id).run();
        }
    }

    // Readers see the last commit and never wait.
    void work_as_usual() {
        connection_.execute("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
        is_bulk_loading_ = false;
        needs_log_ = !set_journal_mode("wal");
    }

    // A page that is new is written once, where a write-ahead log would have it twice; there is next to nothing else in
    // a first listing. A cache that is larger than this costs more than it saves.
    void work_in_bulk() {
        is_bulk_loading_ = true;
        if (set_journal_mode("truncate")) connection_.execute("PRAGMA synchronous = FULL; PRAGMA cache_size = -32768");
    }

    // A reader may prevent it: false, and all is as it was.
    bool set_journal_mode(std::string_view mode) {
        connection_.set_patience(short_patience);
        bool is_set = false;
        try {
            auto query = connection_.query(fmt::format("PRAGMA journal_mode = {}", mode));
            is_set = query.step() && query.text(0) == mode;
        } catch (const SqliteFault& fault) {
            if (fault.error_code() != ErrorCode::unavailable) throw;
        }
        connection_.set_patience(Connection::usual_patience);
        return is_set;
    }

    // Empties the write-ahead log, which still has what was there before. A reader may prevent it: later, then.
    void try_scrub() {
        connection_.set_patience(short_patience);
        auto query = connection_.query("PRAGMA wal_checkpoint(TRUNCATE)");
        needs_scrub_ = !query.step() || query.integer(0) != 0;
        connection_.set_patience(Connection::usual_patience);
    }

    std::filesystem::path file_;
    FileLock lock_;
    Connection connection_;
    std::unique_ptr<RowWriter> writer_;
    bool is_bulk_loading_ = false;
    bool needs_scrub_ = false;
    bool needs_log_ = false;  // to go back to the write-ahead log
};

// Personal data: a new file is its owner's alone. Its log takes over its rights.
void make_private(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor >= 0) ::close(descriptor);
}

// A mirror that was killed may have left a journal or a write-ahead log that has to be dealt with before anything can
// be read, and who may only read cannot do that.
bool is_left_by_a_kill(const SqliteFault& fault) {
    return fault.code() == SQLITE_READONLY_ROLLBACK || fault.code() == SQLITE_READONLY_RECOVERY;
}

void recover(const std::filesystem::path& file) {
    Connection connection(file, Connection::Access::read_write);
    connection.query("SELECT count(*) FROM sqlite_schema").step();
}

std::unique_ptr<Sink> open_to_read(const std::filesystem::path& file) {
    try {
        return std::make_unique<SqliteSink>(file, Access::read_only, FileLock());
    } catch (const SqliteFault& fault) {
        if (!is_left_by_a_kill(fault)) throw;
        recover(file);
        return std::make_unique<SqliteSink>(file, Access::read_only, FileLock());
    }
}

}  // namespace

Result<std::unique_ptr<Sink>> open_sqlite_sink(const std::filesystem::path& file, Access access) {
    FileLock lock;
    if (access == Access::read_write) {
        auto taken = FileLock::take(file.string() + "-mirror.lock");
        if (!taken) return tl::unexpected(taken.error());
        lock = std::move(*taken);
        make_private(file);
    } else if (std::error_code none; !std::filesystem::exists(file, none)) {
        return fail(ErrorCode::not_found, "there is no copy here yet; 'cvstroom mirror' makes one", file.string());
    }
    try {
        if (access == Access::read_only) return open_to_read(file);
        return std::make_unique<SqliteSink>(file, access, std::move(lock));
    } catch (const SqliteFault& fault) {
        return tl::unexpected(to_error(fault, file));
    }
}

}  // namespace cvstroom::mirror
