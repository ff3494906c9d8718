#include "store/sqlite/key_table.hpp"

#include <cstring>

#include "store/sqlite/log_table.hpp"

namespace cvstroom::store::sqlite {
namespace {

void raise_revision(Connection& connection) {
    connection.query("UPDATE head SET keys_revision = keys_revision + 1").run();
}

}  // namespace

bool insert_key(Connection& connection, const KeyRecord& record) {
    connection.query("INSERT OR IGNORE INTO api_key(prefix, digest, partner, product, issued) VALUES(?, ?, ?, ?, ?)")
        .bind_text(1, record.prefix)
        .bind_blob(2, record.digest.data(), record.digest.size())
        .bind_text(3, record.partner)
        .bind_text(4, record.product)
        .bind(5, to_microseconds(record.issued))
        .run();
    if (connection.changes() == 0) return false;
    raise_revision(connection);
    return true;
}

bool revoke_key(Connection& connection, const std::string& prefix, Instant at) {
    connection.query("UPDATE api_key SET revoked = coalesce(revoked, ?) WHERE prefix = ?")
        .bind(1, to_microseconds(at))
        .bind_text(2, prefix)
        .run();
    if (connection.changes() == 0) return false;
    raise_revision(connection);
    return true;
}

std::vector<KeyRecord> read_keys(Connection& connection) {
    auto query = connection.query(
        "SELECT prefix, digest, partner, product, issued, revoked FROM api_key ORDER BY partner, issued, prefix");
    std::vector<KeyRecord> records;
    while (query.step()) {
        KeyRecord record;
        record.prefix = std::string(query.text(0));
        const auto digest = query.blob(1);
        if (digest.size() != record.digest.size())
            throw SqliteFault(SQLITE_CORRUPT, "a key's digest is not 32 bytes long");
        std::memcpy(record.digest.data(), digest.data(), digest.size());
        record.partner = std::string(query.text(2));
        record.product = std::string(query.text(3));
        record.issued = to_instant(query.integer(4));
        if (!query.is_null(5)) record.revoked = to_instant(query.integer(5));
        records.push_back(std::move(record));
    }
    return records;
}

std::uint64_t keys_revision(Connection& connection) {
    auto query = connection.query("SELECT keys_revision FROM head");
    if (!query.step()) throw SqliteFault(SQLITE_CORRUPT, "the database has no head");
    return query.unsigned_integer(0);
}

}  // namespace cvstroom::store::sqlite
