#include "mirror/sqlite/sqlite_schema.hpp"

#include <fmt/format.h>

namespace cvstroom::mirror {
namespace {

using store::sqlite::Connection;
using store::sqlite::SqliteFault;
using store::sqlite::Transaction;

constexpr std::int64_t application_id = 0x4356534D;  // "CVSM"
constexpr std::int64_t schema_version = 1;

// Documents have some 4.5 KB: on pages of SQLite's usual 4 KiB each would need a chain of them.
constexpr int page_size = 16 * 1024;

constexpr const char* own_tables = R"(
CREATE TABLE mirror_state(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE cv(
  cv            INTEGER PRIMARY KEY,   -- this copy's own number for the CV: joins all tables
  cv_id         TEXT NOT NULL,         -- cvId; unique by an index
  version       INTEGER NOT NULL,      -- of the document that is held
  changed_at    TEXT,                  -- when it changed at the source, UTC
  document_date TEXT,                  -- wijzigingsDatum
  ikl_id        INTEGER,               -- iklId
  generation    INTEGER NOT NULL,      -- the mirror's own: the listing that saw it last
  digest        BLOB);                 -- the mirror's own: where versions are counted here
CREATE TABLE document(cv INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE mirror_unresolved(cv_id TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
)";

std::int64_t pragma(Connection& connection, std::string_view sql) {
    auto query = connection.query(sql);
    query.step();
    return query.integer(0);
}

std::string create_statement(const TableShape& shape) {
    std::string sql = fmt::format("CREATE TABLE {}(cv INTEGER {}", shape.name,
                                  shape.has_position ? "NOT NULL, position INTEGER NOT NULL" : "PRIMARY KEY");
    for (const auto& column : shape.columns) {
        sql += fmt::format(", {} {}", column.name, column.kind == ColumnKind::text ? "TEXT" : "INTEGER");
    }
    // A CV's rows stand together, in the order of the document, and no second tree repeats their keys.
    return sql + (shape.has_position ? ", PRIMARY KEY(cv, position)) WITHOUT ROWID" : ")");
}

void check_format(std::int64_t id, std::int64_t version) {
    if (id != application_id) {
        throw SqliteFault(SQLITE_NOTADB, "this is a database of something else; give a file that is not there yet");
    }
    if (version != schema_version) {
        throw SqliteFault(SQLITE_NOTADB,
                          fmt::format("this copy has format {}, this program writes {}; mirror into a new file",
                                      version, schema_version));
    }
}

}  // namespace

void prepare_schema(Connection& connection) {
    const auto id = pragma(connection, "PRAGMA application_id");
    const auto version = pragma(connection, "PRAGMA user_version");
    if (id != 0 || version != 0 || pragma(connection, "SELECT count(*) FROM sqlite_schema") != 0) {
        return check_format(id, version);
    }
    connection.execute(fmt::format("PRAGMA page_size = {}", page_size));
    Transaction transaction(connection, Transaction::Kind::write);
    connection.execute(own_tables);
    for (const auto table : all_tables()) connection.execute(create_statement(shape_of(table)));
    connection.execute(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, schema_version));
    transaction.commit();
}

void check_schema(Connection& connection) {
    check_format(pragma(connection, "PRAGMA application_id"), pragma(connection, "PRAGMA user_version"));
}

void create_indexes(Connection& connection) {
    // A sort in pieces of a few megabytes stays in the processor's cache, each piece on a thread of its own while the
    // next is gathered: half the time of one large sort in memory.
    connection.execute("PRAGMA temp_store = FILE; PRAGMA cache_size = -2048; PRAGMA threads = 2");
    connection.execute("CREATE UNIQUE INDEX IF NOT EXISTS cv_cv_id ON cv(cv_id)");
    for (const auto table : all_tables()) {
        const auto& shape = shape_of(table);
        for (const auto column : shape.indexed) {
            // Most rows of some tables have no value there: an index of those that do is smaller.
            connection.execute(fmt::format("CREATE INDEX IF NOT EXISTS {0}_{1} ON {0}({1}) WHERE {1} IS NOT NULL",
                                           shape.name, column));
        }
    }
    connection.execute("PRAGMA threads = 0");
}

bool has_id_index(Connection& connection) {
    return pragma(connection, "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = 'cv_cv_id'") != 0;
}

void drop_indexes(Connection& connection) {
    for (const auto table : all_tables()) {
        for (const auto column : shape_of(table).indexed) {
            connection.execute(fmt::format("DROP INDEX IF EXISTS {}_{}", shape_of(table).name, column));
        }
    }
}

std::string insert_statement(const TableShape& shape) {
    std::string sql = fmt::format("INSERT INTO {} VALUES(?", shape.name);
    const auto more = shape.columns.size() + (shape.has_position ? 1 : 0);
    for (std::size_t i = 0; i < more; ++i) sql += ",?";
    return sql + ")";
}

}  // namespace cvstroom::mirror
