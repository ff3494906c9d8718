#include "store/sqlite/key_table.hpp"

#include <cstring>

#include "store/sqlite/log_table.hpp"

namespace cvstroom::store::sqlite {
namespace {

void bind_or_null(Query& query, int parameter, const std::optional<Instant>& instant) {
    if (instant) {
        query.bind(parameter, to_microseconds(*instant));
    } else {
        query.bind_null(parameter);
    }
}

std::optional<Instant> instant_or_nothing(const Query& query, int column) {
    if (query.is_null(column)) return std::nullopt;
    return to_instant(query.integer(column));
}

// The first one counts. On the right of "=" stands what was before.
constexpr std::string_view revocation =
    "UPDATE api_key SET revoked = coalesce(revoked, ?1), revoked_by = CASE WHEN revoked IS NULL THEN ?2 ELSE "
    "revoked_by END ";

// Whether the last statement changed a row; if so, the keys have a new revision.
bool raise_revision_if_changed(Connection& connection) {
    if (connection.changes() == 0) return false;
    raise_keys_revision(connection);
    return true;
}

}  // namespace

void raise_keys_revision(Connection& connection) {
    connection.query("UPDATE head SET keys_revision = keys_revision + 1").run();
}

bool insert_key(Connection& connection, const KeyRecord& record) {
    auto query = connection.query(
        "INSERT OR IGNORE INTO api_key(prefix, digest, partner, product, issued, expires, issued_by) "
        "VALUES(?, ?, ?, ?, ?, ?, ?)");
    query.bind_text(1, record.prefix).bind_blob(2, record.digest.data(), record.digest.size());
    query.bind_text(3, record.partner).bind_text(4, record.product).bind(5, to_microseconds(record.issued));
    bind_or_null(query, 6, record.expires);
    query.bind_text(7, record.issued_by);
    query.run();
    return raise_revision_if_changed(connection);
}

bool revoke_key(Connection& connection, const std::string& prefix, Instant at, const std::string& who) {
    connection.query(std::string(revocation) + "WHERE prefix = ?3")
        .bind(1, to_microseconds(at))
        .bind_text(2, who)
        .bind_text(3, prefix)
        .run();
    return raise_revision_if_changed(connection);
}

bool expire_key(Connection& connection, const std::string& prefix, Instant at) {
    connection.query("UPDATE api_key SET expires = min(coalesce(expires, ?1), ?1) WHERE prefix = ?2")
        .bind(1, to_microseconds(at))
        .bind_text(2, prefix)
        .run();
    return raise_revision_if_changed(connection);
}

void revoke_keys_of(Connection& connection, const std::string& partner, Instant at, const std::string& who) {
    connection.query(std::string(revocation) + "WHERE partner = ?3 AND product <> 'beheer'")
        .bind(1, to_microseconds(at))
        .bind_text(2, who)
        .bind_text(3, partner)
        .run();
}

void note_key_uses(Connection& connection, std::span<const KeyUse> uses) {
    for (const auto& use : uses) {
        connection.query("UPDATE api_key SET last_used = max(coalesce(last_used, ?1), ?1) WHERE prefix = ?2")
            .bind(1, to_microseconds(use.at))
            .bind_text(2, use.prefix)
            .run();
    }
}

std::vector<KeyRecord> read_keys(Connection& connection) {
    auto query = connection.query(
        "SELECT prefix, digest, partner, product, issued, revoked, expires, last_used, coalesce(issued_by, ''), "
        "coalesce(revoked_by, '') FROM api_key "
        "ORDER BY partner, issued, prefix");
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
        record.revoked = instant_or_nothing(query, 5);
        record.expires = instant_or_nothing(query, 6);
        record.last_used = instant_or_nothing(query, 7);
        record.issued_by = std::string(query.text(8));
        record.revoked_by = std::string(query.text(9));
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
