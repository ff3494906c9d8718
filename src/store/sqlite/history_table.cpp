#include "store/sqlite/history_table.hpp"

#include <algorithm>

#include "store/sqlite/log_table.hpp"

namespace cvstroom::store::sqlite {
namespace {

constexpr std::chrono::microseconds tick{1};

void append_all(Query& query, std::vector<Seq>& entries) {
    while (query.step()) entries.push_back(query.unsigned_integer(0));
}

}  // namespace

std::optional<Instant> oldest_available(Connection& connection, Instant at) {
    auto query = connection.query("SELECT max(oldest) FROM history WHERE moved_at <= ?");
    query.bind(1, to_microseconds(at));
    if (!query.step() || query.is_null(0)) return std::nullopt;
    return to_instant(query.integer(0));
}

void promise_history(Connection& connection, Instant oldest, Instant now) {
    const Head head = read_head(connection);
    const auto before = oldest_available(connection, Instant::max());
    if (before && *before >= oldest) return;
    const Instant moved_at = std::max(now, head.horizon + tick);
    connection.query("INSERT INTO history(moved_at, oldest) VALUES(?, ?)")
        .bind(1, to_microseconds(moved_at))
        .bind(2, to_microseconds(oldest))
        .run();
    connection.query("UPDATE head SET horizon = ?").bind(1, to_microseconds(moved_at)).run();
}

std::vector<Seq> forgettable(Connection& connection, Seq superseded_before, Seq tombstones_before, std::size_t limit) {
    std::vector<Seq> entries;
    {
        auto query = connection.query(
            "SELECT seq FROM change INDEXED BY change_superseded"
            " WHERE superseded_by > 0 AND superseded_by < ? ORDER BY superseded_by LIMIT ?");
        query.bind(1, superseded_before).bind(2, limit);
        append_all(query, entries);
    }
    auto query = connection.query("SELECT seq FROM change WHERE seq < ? AND superseded_by = 0 AND status = 3 LIMIT ?");
    query.bind(1, tombstones_before).bind(2, limit - entries.size());
    append_all(query, entries);
    return entries;
}

void forget(Connection& connection, const std::vector<Seq>& entries, Seq superseded_before, Seq tombstones_before) {
    for (const Seq seq : entries) {
        // An entry that is superseded stays so; a tombstone has no trace.
        connection.query("DELETE FROM trace WHERE seq = ?").bind(1, seq).run();
        connection
            .query(
                "DELETE FROM change WHERE seq = ?1 AND ((superseded_by > 0 AND superseded_by < ?2)"
                " OR (superseded_by = 0 AND status = 3 AND seq < ?3))")
            .bind(1, seq)
            .bind(2, superseded_before)
            .bind(3, tombstones_before)
            .run();
    }
}

}  // namespace cvstroom::store::sqlite
