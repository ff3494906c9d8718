// A thin layer over SQLite for this room: connections, prepared statements, transactions. Failures are SqliteFault
// exceptions, which the store turns into Errors at its door.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"

namespace cvstroom::store::sqlite {

// What SQLite said, with what was being done.
class SqliteFault : public std::runtime_error {
  public:
    SqliteFault(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
    ErrorCode error_code() const;
    int code() const { return code_; }  // SQLite's extended result code

  private:
    int code_;
};

// A prepared statement that is being used: bind, step, read; resets itself at the end. Parameters count from 1, columns
// from 0.
class Query {
  public:
    explicit Query(sqlite3_stmt* statement) : statement_(statement) {}
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    Query& bind(int parameter, std::int64_t value);
    Query& bind(int parameter, std::uint64_t value) { return bind(parameter, static_cast<std::int64_t>(value)); }
    Query& bind_blob(int parameter, const void* data, std::size_t size);  // must stay valid until the query ends
    Query& bind_text(int parameter, std::string_view text);               // likewise
    Query& bind_null(int parameter);

    bool step();  // true: a row
    void run();   // to the end; for statements that return no rows
    void reset();

    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    std::uint64_t unsigned_integer(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    std::string_view blob(int column) const;  // valid until the next step
    std::string_view text(int column) const;
    bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

  private:
    [[noreturn]] void fault() const;
    sqlite3_stmt* statement_;
};

// One connection to the file. Not thread-safe.
class Connection {
  public:
    // Another process may hold the write lock for a whole batch of an import.
    static constexpr std::chrono::milliseconds usual_patience{30'000};

    enum class Access { read_write, read_write_create, read_only };
    // A file that is made is for its owner only.
    Connection(const std::filesystem::path& file, Access access);

    // The statement is prepared once and kept. Two uses of the same text must not overlap.
    Query query(std::string_view sql);
    void execute(const std::string& sql);
    // How long a statement waits for another process's lock before it fails with SQLITE_BUSY.
    void set_patience(std::chrono::milliseconds patience);
    // For the parts of SQLite that this layer leaves out.
    sqlite3* handle() const { return handle_.get(); }
    int changes() const { return sqlite3_changes(handle_.get()); }
    bool is_read_only() const { return sqlite3_db_readonly(handle_.get(), "main") == 1; }

  private:
    struct Close {
        void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3, Close> handle_;
    std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

// Rolls back unless committed. A write transaction takes SQLite's write lock at once (BEGIN IMMEDIATE), so that what it
// reads is what it will write after.
class Transaction {
  public:
    enum class Kind { read, write };
    Transaction(Connection& connection, Kind kind);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Connection& connection_;
    bool is_open_ = true;
};

}  // namespace cvstroom::store::sqlite
