#include "mirror/postgres/postgres_schema.hpp"

#include <fmt/format.h>

namespace cvstroom::mirror {
namespace {

using postgres::Connection;
using postgres::PostgresFault;
using postgres::Transaction;

constexpr std::string_view schema_version = "1";

// Removed persons' rows are dead until they are vacuumed: sooner than PostgreSQL would by itself.
constexpr std::string_view storage = "WITH (autovacuum_vacuum_scale_factor = 0.01)";

constexpr const char* own_tables = R"(
CREATE TABLE cv_mirror.mirror_state(name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE cv_mirror.cv(
  cv bigint PRIMARY KEY, cv_id uuid NOT NULL UNIQUE, version bigint NOT NULL, changed_at timestamptz, document_date date, ikl_id bigint,
  generation bigint NOT NULL, digest bytea) WITH (autovacuum_vacuum_scale_factor = 0.01);
CREATE TABLE cv_mirror.document(cv bigint PRIMARY KEY, json json NOT NULL) WITH (autovacuum_vacuum_scale_factor = 0.01);
CREATE TABLE cv_mirror.mirror_unresolved(cv_id uuid PRIMARY KEY, reason text NOT NULL);
)";

std::string_view type_of(ColumnKind kind) {
    switch (kind) {
        case ColumnKind::text:
            return "text";
        case ColumnKind::integer:
            return "bigint";
        case ColumnKind::boolean:
            return "boolean";
    }
    return "text";
}

std::string create_statement(const TableShape& shape) {
    std::string sql = fmt::format("CREATE TABLE cv_mirror.{}(cv bigint NOT NULL{}", shape.name,
                                  shape.has_position ? ", position integer NOT NULL" : "");
    for (const auto& column : shape.columns) sql += fmt::format(", {} {}", column.name, type_of(column.kind));
    return sql + fmt::format(", PRIMARY KEY(cv{})) {}", shape.has_position ? ", position" : "", storage);
}

}  // namespace

void prepare_schema(Connection& connection) {
    const bool is_there = connection.query("SELECT 1 FROM pg_namespace WHERE nspname = 'cv_mirror'").count() != 0;
    // An administrator may have made it, empty, and given it to the mirror's role.
    if (is_there && connection.query("SELECT 1 FROM pg_tables WHERE schemaname = 'cv_mirror' LIMIT 1").count() != 0) {
        return check_schema(connection);
    }
    Transaction transaction(connection);
    if (!is_there) connection.execute("CREATE SCHEMA cv_mirror");
    connection.execute(own_tables);
    for (const auto table : all_tables()) connection.execute(create_statement(shape_of(table)));
    connection.query("INSERT INTO cv_mirror.mirror_state VALUES('schema', $1)", {std::string(schema_version)});
    transaction.commit();
}

void check_schema(Connection& connection) {
    if (connection.query("SELECT 1 FROM pg_tables WHERE schemaname = 'cv_mirror' AND tablename = 'mirror_state'")
            .count() == 0) {
        throw PostgresFault("schema", "there is no copy in the schema cv_mirror, or it holds something else");
    }
    const auto rows = connection.query("SELECT value FROM cv_mirror.mirror_state WHERE name = 'schema'");
    if (rows.count() != 1 || rows.text(0, 0) != schema_version) {
        throw PostgresFault(
            "schema", fmt::format("the copy in cv_mirror has another format than {}; drop the schema, and mirror anew",
                                  schema_version));
    }
}

void create_indexes(Connection& connection) {
    for (const auto table : all_tables()) {
        const auto& shape = shape_of(table);
        for (const auto column : shape.indexed) {
            connection.execute(fmt::format(
                "CREATE INDEX IF NOT EXISTS {0}_{1} ON cv_mirror.{0}({1}) WHERE {1} IS NOT NULL", shape.name, column));
        }
    }
}

void drop_indexes(Connection& connection) {
    for (const auto table : all_tables()) {
        for (const auto column : shape_of(table).indexed) {
            connection.execute(fmt::format("DROP INDEX IF EXISTS cv_mirror.{}_{}", shape_of(table).name, column));
        }
    }
}

}  // namespace cvstroom::mirror
