#include "store/sqlite/schema.hpp"

#include <fmt/format.h>

#include <cstring>

#include "base/digest.hpp"

namespace cvstroom::store::sqlite {
namespace {

constexpr std::int64_t application_id = 0x43565354;  // "CVST"
constexpr std::int64_t schema_version = 1;

constexpr const char* tables = R"(
CREATE TABLE identity(
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  epoch   BLOB NOT NULL,                    -- names this history (16 bytes)
  secret  BLOB NOT NULL);                   -- authenticates cursors (32 bytes)
CREATE TABLE head(
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  seq           INTEGER NOT NULL,           -- of the last entry of the log
  instant       INTEGER NOT NULL,           -- of the last entry, in microseconds since 1970 (UTC)
  horizon       INTEGER NOT NULL,           -- later than every instant in the log
  published     INTEGER NOT NULL,           -- CVs whose current entry is OPEN
  keys_revision INTEGER NOT NULL);          -- rises with every change of api_key
CREATE TABLE change(
  seq           INTEGER PRIMARY KEY,        -- 1, 2, 3, … in commit order
  instant       INTEGER NOT NULL,
  cv            BLOB NOT NULL,
  status        INTEGER NOT NULL,           -- 1 OPEN, 2 GESLOTEN, 3 VERWIJDERD
  version       INTEGER NOT NULL,
  changed_on    INTEGER NOT NULL,           -- wijzigingsDatum, in days since 1970
  superseded_by INTEGER NOT NULL DEFAULT 0);-- the CV's next entry; 0: this is its current one
CREATE INDEX change_instant ON change(instant);
CREATE TABLE candidate(
  cv      BLOB PRIMARY KEY,
  seq     INTEGER NOT NULL,                 -- its current entry
  version INTEGER NOT NULL,
  status  INTEGER NOT NULL,
  digest  BLOB) WITHOUT ROWID;              -- SHA-256 of the canonical document; null after an erasure
CREATE TABLE document(
  seq  INTEGER PRIMARY KEY,                 -- the entry that stored it
  body BLOB NOT NULL);                      -- one zstd frame
CREATE TABLE api_key(
  prefix  TEXT PRIMARY KEY,
  digest  BLOB NOT NULL,
  partner TEXT NOT NULL,
  product TEXT NOT NULL,
  issued  INTEGER NOT NULL,
  revoked INTEGER) WITHOUT ROWID;
)";

std::int64_t pragma(Connection& connection, std::string_view sql) {
    auto query = connection.query(sql);
    query.step();
    return query.integer(0);
}

void create(Connection& connection, Instant now) {
    connection.execute(tables);
    Identity identity{Uuid::random(), {}};
    fill_random(identity.secret);
    connection.query("INSERT INTO identity VALUES(1, ?, ?)")
        .bind_blob(1, identity.epoch.bytes.data(), identity.epoch.bytes.size())
        .bind_blob(2, identity.secret.data(), identity.secret.size())
        .run();
    connection.query("INSERT INTO head VALUES(1, 0, 0, ?, 0, 0)").bind(1, now.time_since_epoch().count()).run();
    connection.execute(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, schema_version));
}

}  // namespace

void configure_writer(Connection& connection) {
    connection.execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
        "PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
}

void configure_reader(Connection& connection) {
    connection.execute("PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA mmap_size = 1073741824");
}

void prepare_schema(Connection& connection, Instant now) {
    Transaction transaction(connection, Transaction::Kind::write);
    const auto id = pragma(connection, "PRAGMA application_id");
    const auto version = pragma(connection, "PRAGMA user_version");
    const auto table_count = pragma(connection, "SELECT count(*) FROM sqlite_schema");
    if (id == 0 && version == 0 && table_count == 0) {
        create(connection, now);
    } else if (id != application_id) {
        throw SqliteFault(SQLITE_NOTADB, "this is the database of another program");
    } else if (version > schema_version) {
        throw SqliteFault(SQLITE_NOTADB,
                          fmt::format("the database has format {}, this program knows up to {}: use a newer one",
                                      version, schema_version));
    }
    transaction.commit();
}

Identity read_identity(Connection& connection) {
    auto query = connection.query("SELECT epoch, secret FROM identity");
    Identity identity;
    if (!query.step() || query.blob(0).size() != 16 || query.blob(1).size() != 32) {
        throw SqliteFault(SQLITE_CORRUPT, "the database has no identity");
    }
    std::memcpy(identity.epoch.bytes.data(), query.blob(0).data(), 16);
    std::memcpy(identity.secret.data(), query.blob(1).data(), 32);
    return identity;
}

}  // namespace cvstroom::store::sqlite
