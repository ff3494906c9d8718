#include "store/sqlite/connection.hpp"

#include "base/file_descriptor.hpp"

namespace cvstroom::store::sqlite {
namespace {

// A new database belongs to its owner alone, and so do the files that SQLite makes beside it, which get the same mode.
// A file that is there is not even opened: closing it would let go of locks that this process has on it.
void make_private(const std::filesystem::path& file) {
    const FileDescriptor made(file, O_WRONLY | O_CREAT | O_EXCL);  // where that fails, SQLite says why
}

int flags_of(Connection::Access access) {
    switch (access) {
        case Connection::Access::read_write:
            return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
        case Connection::Access::read_write_create:
            return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
        case Connection::Access::read_only:
            return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    }
    return 0;
}

[[noreturn]] void throw_fault(sqlite3* handle, std::string_view doing) {
    const int code = handle != nullptr ? sqlite3_extended_errcode(handle) : SQLITE_NOMEM;
    const char* message = handle != nullptr ? sqlite3_errmsg(handle) : "out of memory";
    throw SqliteFault(code, std::string(doing) + ": " + message);
}

}  // namespace

ErrorCode SqliteFault::error_code() const {
    switch (code_ & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return ErrorCode::unavailable;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return ErrorCode::corrupt;
        default:
            return ErrorCode::io;
    }
}

Query::~Query() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void Query::fault() const {
    throw_fault(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
}

Query& Query::bind(int parameter, std::int64_t value) {
    if (sqlite3_bind_int64(statement_, parameter, value) != SQLITE_OK) fault();
    return *this;
}

Query& Query::bind_blob(int parameter, const void* data, std::size_t size) {
    if (sqlite3_bind_blob64(statement_, parameter, data, size, SQLITE_STATIC) != SQLITE_OK) fault();
    return *this;
}

Query& Query::bind_text(int parameter, std::string_view text) {
    if (sqlite3_bind_text64(statement_, parameter, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK) {
        fault();
    }
    return *this;
}

Query& Query::bind_null(int parameter) {
    if (sqlite3_bind_null(statement_, parameter) != SQLITE_OK) fault();
    return *this;
}

bool Query::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) fault();
    return false;
}

void Query::run() {
    while (step()) {
    }
}

void Query::reset() {
    sqlite3_reset(statement_);
}

std::string_view Query::blob(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view Query::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Connection::Connection(const std::filesystem::path& file, Access access) {
    if (access == Access::read_write_create) make_private(file);
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &handle, flags_of(access), nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) throw_fault(handle, "opening the database");
    sqlite3_extended_result_codes(handle, 1);
    set_patience(usual_patience);
}

Query Connection::query(std::string_view sql) {
    auto& statement = statements_[std::string(sql)];
    if (!statement) {
        sqlite3_stmt* prepared = nullptr;
        if (sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                               &prepared, nullptr) != SQLITE_OK) {
            throw_fault(handle_.get(), sql);
        }
        statement.reset(prepared);
    }
    return Query(statement.get());
}

void Connection::set_patience(std::chrono::milliseconds patience) {
    sqlite3_busy_timeout(handle_.get(), static_cast<int>(patience.count()));
}

void Connection::execute(const std::string& sql) {
    if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw_fault(handle_.get(), sql);
}

Transaction::Transaction(Connection& connection, Kind kind) : connection_(connection) {
    connection_.query(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN").run();
}

// A failed commit (a full disk) may have rolled back already; a second rollback then does nothing that matters.
Transaction::~Transaction() {
    if (!is_open_) return;
    try {
        connection_.query("ROLLBACK").run();
    } catch (const SqliteFault&) {
    }
}

void Transaction::commit() {
    connection_.query("COMMIT").run();
    is_open_ = false;
}

}  // namespace cvstroom::store::sqlite
