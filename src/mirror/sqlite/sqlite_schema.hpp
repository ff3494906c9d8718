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

// The indexes that a partner's queries want, and the mirror itself does not.
void create_indexes(store::sqlite::Connection& connection);
void drop_indexes(store::sqlite::Connection& connection);

std::string insert_statement(const TableShape& shape);

}  // namespace cvstroom::mirror
