// The tables of a cvstroom database, and how one is made or recognised. ARCHITECTURE.md, "Storage", has the overview.
#pragma once

#include "base/time.hpp"
#include "base/uuid.hpp"
#include "store/sqlite/connection.hpp"

namespace cvstroom::store::sqlite {

// What is fixed when a database is made.
struct Identity {
    Uuid epoch;
    std::array<std::uint8_t, 32> secret{};
};

// Sets the connection's durability and memory. For every connection, before any other statement.
void configure_writer(Connection& connection);
void configure_reader(Connection& connection);

// Makes the tables in an empty file; recognises those of an existing one, and brings those of an older version up to
// date, in one transaction. Throws SqliteFault (NOTADB) for a database that is another program's, or of a newer version.
void prepare_schema(Connection& connection, Instant now);

Identity read_identity(Connection& connection);

}  // namespace cvstroom::store::sqlite
