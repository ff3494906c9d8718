// The tables of a copy in an SQLite file (docs/mirror.md).
#pragma once

#include <string>

#include "mirror/tables.hpp"
#include "store/sqlite/connection.hpp"

namespace cvstroom::mirror {

// Makes the tables in an empty file. SqliteFault (SQLITE_NOTADB) when the file holds something else, or the format of
// another version; the file is then left as it was.
void prepare_schema(store::sqlite::Connection& connection);
void check_schema(store::sqlite::Connection& connection);

// All indexes, one statement each: those that a partner's queries want, and the one by `cv_id`, without which the
// writer keeps the ids in memory. Building them at once from all rows is many times quicker than keeping them up row by
// row. Sorts in SQLite's temporary files (SQLITE_TMPDIR, else /var/tmp), which have no names and end with the
// statement.
void create_indexes(store::sqlite::Connection& connection);
// Those that a partner's queries want.
void drop_indexes(store::sqlite::Connection& connection);
bool has_id_index(store::sqlite::Connection& connection);

std::string insert_statement(const TableShape& shape);

}  // namespace cvstroom::mirror
