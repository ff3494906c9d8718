#include "store/sqlite/reference_table.hpp"

#include <cstring>

#include "store/sqlite/log_table.hpp"

namespace cvstroom::store::sqlite {

std::uint32_t add_list(Connection& connection, const ListVersion& list, const std::string& frame) {
    std::uint32_t version = 1;
    {
        auto newest = connection.query("SELECT coalesce(max(version), 0) FROM reference_list WHERE name = ?");
        newest.bind_text(1, list.name);
        if (newest.step()) version = static_cast<std::uint32_t>(newest.integer(0)) + 1;
    }
    auto query = connection.query(
        "INSERT INTO reference_list(name, version, loaded, loaded_by, items, digest, body) VALUES(?, ?, ?, ?, ?, ?, "
        "?)");
    query.bind_text(1, list.name).bind(2, std::int64_t{version}).bind(3, to_microseconds(list.loaded));
    query.bind_text(4, list.loaded_by).bind(5, list.items).bind_blob(6, list.digest.data(), list.digest.size());
    if (list.is_shipped) {
        query.bind_null(7);
    } else {
        query.bind_blob(7, frame.data(), frame.size());
    }
    query.run();
    return version;
}

std::vector<ListVersion> list_versions(Connection& connection) {
    auto query = connection.query(
        "SELECT name, version, loaded, loaded_by, items, digest, body IS NULL FROM reference_list ORDER BY seq");
    std::vector<ListVersion> versions;
    while (query.step()) {
        ListVersion list;
        list.name = std::string(query.text(0));
        list.version = static_cast<std::uint32_t>(query.integer(1));
        list.loaded = to_instant(query.integer(2));
        list.loaded_by = std::string(query.text(3));
        list.items = query.unsigned_integer(4);
        const auto digest = query.blob(5);
        if (digest.size() != list.digest.size())
            throw SqliteFault(SQLITE_CORRUPT, "a list's digest is not 32 bytes long");
        std::memcpy(list.digest.data(), digest.data(), digest.size());
        list.is_shipped = query.integer(6) != 0;
        versions.push_back(std::move(list));
    }
    return versions;
}

std::optional<std::string> list_file(Connection& connection, const std::string& name, std::uint32_t version) {
    auto query = connection.query("SELECT body FROM reference_list WHERE name = ? AND version = ?");
    query.bind_text(1, name).bind(2, std::int64_t{version});
    if (!query.step() || query.is_null(0)) return std::nullopt;
    return std::string(query.blob(0));
}

std::uint64_t lists_revision(Connection& connection) {
    auto query = connection.query("SELECT coalesce(max(seq), 0) FROM reference_list");
    query.step();
    return query.unsigned_integer(0);
}

bool are_checked_as_now(Connection& connection, std::span<const Write> batch) {
    std::optional<std::uint64_t> now;  // most batches are of one check, and many of none
    for (const auto& write : batch) {
        if (!write.lists_revision) continue;
        if (!now) now = lists_revision(connection);
        if (*write.lists_revision != *now) return false;
    }
    return true;
}

}  // namespace cvstroom::store::sqlite
