// The tables of a copy in PostgreSQL, in the schema cv_mirror (docs/mirror.md).
#pragma once

#include "mirror/postgres/connection.hpp"
#include "mirror/tables.hpp"

namespace cvstroom::mirror {

// Makes the schema when it is not there. PostgresFault: without the rights (42501), or when cv_mirror holds something
// else (state "schema").
void prepare_schema(postgres::Connection& connection);
void check_schema(postgres::Connection& connection);

void create_indexes(postgres::Connection& connection);
void drop_indexes(postgres::Connection& connection);

}  // namespace cvstroom::mirror
