// The open file: one connection that writes, for one at a time, and those that read, which wait for nobody. Every
// method of the store is a piece of work on one of them.
//
// The faults of this room end here: each of these returns a Result that says what was being done. `work` may return a
// Result itself.
#pragma once

#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.hpp"
#include "store/sqlite/reader_pool.hpp"
#include "store/sqlite/schema.hpp"

namespace cvstroom::store::sqlite {

// Thread-safe.
class Database {
  public:
    // Makes the schema what this program needs. Throws SqliteFault.
    Database(std::filesystem::path file, Connection::Access access, Instant now)
        : file_(std::move(file)), writer_(file_, access), readers_(file_) {
        configure_writer(writer_);
        prepare_schema(writer_, now);
        identity_ = read_identity(writer_);
    }

    const Identity& identity() const { return identity_; }

    // Each statement sees what is committed when it runs.
    template <typename Work>
    auto read(std::string_view doing, const Work& work) {
        return guarded(doing, [&] { return work(*ReaderPool::Lease(readers_)); });
    }

    // All statements see one state.
    template <typename Work>
    auto read_snapshot(std::string_view doing, const Work& work) {
        return read(doing, [&](Connection& connection) {
            const Transaction snapshot(connection, Transaction::Kind::read);
            return work(connection);
        });
    }

    // In one transaction, while nobody else writes, of any process. What it did is durable, unless its Error undid it.
    template <typename Work>
    auto write(std::string_view doing, const Work& work) {
        return guarded(doing, [&]() -> ResultOf<decltype(work(writer_))> {
            const std::lock_guard lock(writer_mutex_);
            Transaction transaction(writer_, Transaction::Kind::write);
            if constexpr (std::is_void_v<decltype(work(writer_))>) {
                work(writer_);
                transaction.commit();
                return {};
            } else {
                ResultOf<decltype(work(writer_))> outcome = work(writer_);
                if (outcome) transaction.commit();
                return outcome;
            }
        });
    }

    // Moves the write-ahead log into the file and empties it: true when it is empty then. Waits at most `patience` for
    // readers of an older state.
    Result<bool> fold_log_in(std::chrono::milliseconds patience) {
        return guarded("folding the write-ahead log in", [&] {
            const std::lock_guard lock(writer_mutex_);
            writer_.set_patience(patience);
            bool is_busy = true;
            try {
                auto query = writer_.query("PRAGMA wal_checkpoint(TRUNCATE)");
                is_busy = !query.step() || query.integer(0) != 0;
            } catch (const SqliteFault& fault) {
                writer_.set_patience(Connection::usual_patience);
                if (fault.error_code() != ErrorCode::unavailable) throw;
                return false;
            }
            writer_.set_patience(Connection::usual_patience);
            return !is_busy;
        });
    }

  private:
    template <typename T>
    struct AsResult {
        using Type = Result<T>;
    };
    template <typename T>
    struct AsResult<Result<T>> {
        using Type = Result<T>;
    };
    template <typename T>
    using ResultOf = typename AsResult<T>::Type;

    template <typename Work>
    auto guarded(std::string_view doing, const Work& work) -> ResultOf<decltype(work())> {
        try {
            if constexpr (std::is_void_v<decltype(work())>) {
                work();
                return {};
            } else {
                return work();
            }
        } catch (const SqliteFault& fault) {
            return fail(fault.error_code(), std::string(doing) + ": " + fault.what(), file_.string());
        }
    }

    const std::filesystem::path file_;
    std::mutex writer_mutex_;
    Connection writer_;
    ReaderPool readers_;
    Identity identity_;
};

}  // namespace cvstroom::store::sqlite
