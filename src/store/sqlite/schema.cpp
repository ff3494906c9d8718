#include "store/sqlite/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include "base/digest.hpp"
#include "store/sqlite/control_table.hpp"

namespace cvstroom::store::sqlite {
namespace {

constexpr std::int64_t application_id = 0x43565354;  // "CVST"
// The first format.
constexpr const char* make_log_and_keys = R"(
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

// Partners with their state, subscriptions and history. Who holds a key of format 1 was admitted then: an active
// partner, with a history that says where it came from. Administrators' keys are nobody's subscription.
constexpr const char* make_partners = R"(
CREATE TABLE partner(
  id                 INTEGER PRIMARY KEY,
  name               TEXT NOT NULL UNIQUE COLLATE NOCASE,
  contact            TEXT NOT NULL DEFAULT '',
  state              TEXT NOT NULL,         -- as on the wire: aangevraagd, goedgekeurd, …
  contract_reference TEXT,
  contract_signed_on INTEGER,               -- in days since 1970
  contract_signed_by TEXT);
CREATE TABLE subscription(
  partner    INTEGER NOT NULL REFERENCES partner(id),
  product    TEXT NOT NULL,
  plan       TEXT NOT NULL,                 -- volledig, anoniem
  per_minute INTEGER NOT NULL,              -- requests
  per_day    INTEGER NOT NULL,
  PRIMARY KEY(partner, product)) WITHOUT ROWID;
CREATE TABLE partner_event(
  seq     INTEGER PRIMARY KEY AUTOINCREMENT,
  partner INTEGER NOT NULL REFERENCES partner(id),
  instant INTEGER NOT NULL,                 -- never falls along seq
  who     TEXT NOT NULL,
  what    TEXT NOT NULL,
  detail  TEXT NOT NULL);
CREATE INDEX partner_event_partner ON partner_event(partner);
CREATE TRIGGER partner_event_keeps BEFORE UPDATE ON partner_event BEGIN SELECT raise(ABORT, 'history is append-only'); END;
CREATE TRIGGER partner_event_stays BEFORE DELETE ON partner_event BEGIN SELECT raise(ABORT, 'history is append-only'); END;
CREATE TABLE usage(
  partner INTEGER NOT NULL REFERENCES partner(id),
  product TEXT NOT NULL,
  day     INTEGER NOT NULL,                 -- in days since 1970 (UTC)
  served  INTEGER NOT NULL,                 -- requests
  refused INTEGER NOT NULL,                 -- over the limits
  PRIMARY KEY(partner, product, day)) WITHOUT ROWID;
ALTER TABLE api_key ADD COLUMN expires INTEGER;
ALTER TABLE api_key ADD COLUMN last_used INTEGER;
INSERT INTO partner(name, state) SELECT DISTINCT partner COLLATE NOCASE, 'actief' FROM api_key WHERE product <> 'beheer';
INSERT INTO subscription SELECT DISTINCT p.id, k.product, 'volledig', 2000, 1000000
  FROM api_key k JOIN partner p ON p.name = k.partner WHERE k.product <> 'beheer';
INSERT INTO partner_event(partner, instant, who, what, detail)
  SELECT p.id, min(k.issued), 'cvstroom', 'overgenomen', 'held a key before partners had a history'
  FROM api_key k JOIN partner p ON p.name = k.partner WHERE k.product <> 'beheer' GROUP BY p.id ORDER BY 2;
UPDATE api_key SET partner = (SELECT name FROM partner p WHERE p.name = api_key.partner) WHERE product <> 'beheer';
)";

// Code lists that the provider has loaded over the shipped ones. The newest version of a name counts.
constexpr const char* make_reference_lists = R"(
CREATE TABLE reference_list(
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  name      TEXT NOT NULL,                  -- as in the reference API: diplomas, regios, …
  version   INTEGER NOT NULL,               -- of this list: 1, 2, 3, …
  loaded    INTEGER NOT NULL,
  loaded_by TEXT NOT NULL,
  items     INTEGER NOT NULL,
  digest    BLOB NOT NULL,                  -- SHA-256 of the file
  body      BLOB,                           -- the file, one zstd frame; null: back to the shipped list
  UNIQUE(name, version));
)";

// How far each chain of audit files had come: files that were cut since are found out.
constexpr const char* make_audit_anchors = R"(
CREATE TABLE audit_anchor(
  chain BLOB PRIMARY KEY,                   -- names the chain (16 bytes)
  seal  INTEGER NOT NULL,                   -- the number of its last seal then
  code  BLOB NOT NULL,                      -- that seal's code (32 bytes)
  at    INTEGER NOT NULL) WITHOUT ROWID;
)";

// Sums for controle, how far back the log reaches, and what partners confirmed. The index finds what was superseded
// after, or before, an entry.
constexpr const char* make_feed_tables = R"(
CREATE TABLE control(
  bucket    INTEGER PRIMARY KEY,            -- the first two digits of the ids in it
  published INTEGER NOT NULL,
  sum_high  INTEGER NOT NULL,               -- of their digests, modulo 2^128
  sum_low   INTEGER NOT NULL);
CREATE INDEX change_superseded ON change(superseded_by) WHERE superseded_by > 0;
CREATE TABLE history(
  moved_at INTEGER PRIMARY KEY,             -- from this horizon on …
  oldest   INTEGER NOT NULL);               -- … the log reaches back to this instant
CREATE TABLE receipt(
  partner   TEXT PRIMARY KEY,
  applied   INTEGER NOT NULL,               -- the last entry of the log that it has applied
  covered   INTEGER NOT NULL,
  confirmed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE trace(
  seq   INTEGER PRIMARY KEY,                -- an OPEN version that was superseded; goes with its entry, or when …
  cv    BLOB NOT NULL,                      -- … the CV is erased
  codes BLOB NOT NULL);                     -- candidate/fact_codes.hpp
CREATE INDEX trace_cv ON trace(cv);
)";

// Who gave a key and who took it back: administrators' keys have no partner whose history could say it.
constexpr const char* make_key_givers = R"(
ALTER TABLE api_key ADD COLUMN issued_by TEXT;    -- null: from before it was kept
ALTER TABLE api_key ADD COLUMN revoked_by TEXT;
)";

// What makes format n + 1 of format n; a new database takes every step. Steps are only ever added at the end.
constexpr std::array steps{make_log_and_keys,  make_partners,    make_reference_lists,
                           make_audit_anchors, make_feed_tables, make_key_givers};
constexpr std::int64_t schema_version = steps.size();

std::int64_t pragma(Connection& connection, std::string_view sql) {
    auto query = connection.query(sql);
    query.step();
    return query.integer(0);
}

void name_history(Connection& connection, Instant now) {
    Identity identity{Uuid::random(), {}};
    fill_random(identity.secret);
    connection.query("INSERT INTO identity VALUES(1, ?, ?)")
        .bind_blob(1, identity.epoch.bytes.data(), identity.epoch.bytes.size())
        .bind_blob(2, identity.secret.data(), identity.secret.size())
        .run();
    connection.query("INSERT INTO head VALUES(1, 0, 0, ?, 0, 0)").bind(1, now.time_since_epoch().count()).run();
    connection.execute(fmt::format("PRAGMA application_id = {}", application_id));
}

void take_steps(Connection& connection, std::int64_t version) {
    for (auto step = static_cast<std::size_t>(version); step < steps.size(); ++step) connection.execute(steps[step]);
    connection.execute(fmt::format("PRAGMA user_version = {}", schema_version));
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
        take_steps(connection, 0);
        name_history(connection, now);
    } else if (id != application_id || version < 1) {
        throw SqliteFault(SQLITE_NOTADB, "this is the database of another program");
    } else if (version > schema_version) {
        throw SqliteFault(SQLITE_NOTADB,
                          fmt::format("the database has format {}, this program knows up to {}: use a newer one",
                                      version, schema_version));
    } else if (version < schema_version) {
        take_steps(connection, version);
    }
    fill_control(connection);
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
