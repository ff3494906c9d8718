#include "store/sqlite/log_table.hpp"

#include <algorithm>
#include <cstring>

namespace cvstroom::store::sqlite {
namespace {

// The columns that make a Change, in the order in which change_of() reads them.
#define CHANGE_COLUMNS "c.seq, c.instant, c.cv, c.status, c.version, c.changed_on, c.superseded_by"

Change change_of(const Query& query) {
    Change change;
    change.seq = query.unsigned_integer(0);
    change.instant = to_instant(query.integer(1));
    const auto cv = query.blob(2);
    if (cv.size() != change.cv.bytes.size()) throw SqliteFault(SQLITE_CORRUPT, "an id in the log is not 16 bytes long");
    std::memcpy(change.cv.bytes.data(), cv.data(), cv.size());
    change.status = static_cast<candidate::Status>(query.integer(3));
    change.version = static_cast<Version>(query.integer(4));
    change.changed_on = Date{std::chrono::sys_days{std::chrono::days{static_cast<int>(query.integer(5))}}};
    change.superseded_by = query.unsigned_integer(6);
    return change;
}

std::vector<Change> all_changes(Query& query) {
    std::vector<Change> changes;
    while (query.step()) changes.push_back(change_of(query));
    return changes;
}

}  // namespace

Head read_head(Connection& connection) {
    auto query = connection.query("SELECT seq, instant, horizon, published FROM head");
    if (!query.step()) throw SqliteFault(SQLITE_CORRUPT, "the database has no head");
    return {query.unsigned_integer(0), to_instant(query.integer(1)), to_instant(query.integer(2)),
            query.unsigned_integer(3)};
}

Seq first_at_or_after(Connection& connection, Instant instant) {
    auto query = connection.query("SELECT seq FROM change WHERE instant >= ? ORDER BY instant, seq LIMIT 1");
    query.bind(1, to_microseconds(instant));
    return query.step() ? query.unsigned_integer(0) : read_head(connection).seq + 1;
}

std::optional<Change> current_change(Connection& connection, const Uuid& cv) {
    auto query =
        connection.query("SELECT " CHANGE_COLUMNS " FROM candidate k JOIN change c ON c.seq = k.seq WHERE k.cv = ?");
    query.bind_blob(1, cv.bytes.data(), cv.bytes.size());
    if (!query.step()) return std::nullopt;
    return change_of(query);
}

std::vector<Change> history(Connection& connection, const Uuid& cv) {
    auto query = connection.query("SELECT " CHANGE_COLUMNS " FROM change c WHERE c.cv = ? ORDER BY c.seq");
    query.bind_blob(1, cv.bytes.data(), cv.bytes.size());
    return all_changes(query);
}

std::optional<std::string> read_document(Connection& connection, Seq seq) {
    auto query = connection.query("SELECT body FROM document WHERE seq = ?");
    query.bind(1, seq);
    if (!query.step()) return std::nullopt;
    return std::string(query.blob(0));
}

std::optional<std::string> read_trace(Connection& connection, Seq seq) {
    auto query = connection.query("SELECT codes FROM trace WHERE seq = ?");
    query.bind(1, seq);
    if (!query.step()) return std::nullopt;
    return std::string(query.blob(0));
}

// Each entry knows its successor, and the index of successors leads back.
std::optional<Change> state_before(Connection& connection, Seq entry, Seq at) {
    for (Seq later = entry;;) {
        auto query = connection.query("SELECT " CHANGE_COLUMNS
                                      " FROM change c INDEXED BY change_superseded"
                                      " WHERE c.superseded_by = ? AND c.superseded_by > 0");
        query.bind(1, later);
        if (!query.step()) return std::nullopt;
        const Change change = change_of(query);
        if (change.seq <= at) return change;
        later = change.seq;
    }
}

std::vector<Change> changes_after(Connection& connection, Seq after, std::size_t limit) {
    auto query = connection.query("SELECT " CHANGE_COLUMNS " FROM change c WHERE c.seq > ? ORDER BY c.seq LIMIT ?");
    query.bind(1, after).bind(2, limit);
    return all_changes(query);
}

std::vector<Change> read_range(Connection& connection, const LogRange& range, Seq after, std::size_t limit) {
    auto query = connection.query("SELECT " CHANGE_COLUMNS
                                  " FROM change c WHERE c.seq > ?1 AND c.seq <= ?2"
                                  " AND (c.superseded_by = 0 OR c.superseded_by > ?2) AND (?3 = 0 OR c.status = 1)"
                                  " ORDER BY c.seq LIMIT ?4");
    query.bind(1, std::max(range.from, after)).bind(2, range.until).bind(3, std::int64_t{range.only_published});
    query.bind(4, limit);
    return all_changes(query);
}

RangeOutline outline(Connection& connection, const LogRange& range, std::uint64_t stride) {
    auto query = connection.query(
        "SELECT seq FROM change WHERE seq > ?1 AND seq <= ?2"
        " AND (superseded_by = 0 OR superseded_by > ?2) AND (?3 = 0 OR status = 1) ORDER BY seq");
    query.bind(1, range.from).bind(2, range.until).bind(3, std::int64_t{range.only_published});
    RangeOutline found{0, stride, {}};
    while (query.step()) {
        if (found.count++ % stride == 0) found.fence.push_back(query.unsigned_integer(0));
    }
    return found;
}

void visit_published(Connection& connection, Seq after, Seq until, const Store::Visitor& visit) {
    auto query =
        connection.query("SELECT " CHANGE_COLUMNS
                         ", d.body FROM change c JOIN document d ON d.seq = c.seq"
                         " WHERE c.seq > ? AND c.seq <= ? AND c.superseded_by = 0 AND c.status = 1 ORDER BY c.seq");
    query.bind(1, after).bind(2, until);
    while (query.step()) {
        if (!visit(change_of(query), query.blob(7))) return;
    }
}

}  // namespace cvstroom::store::sqlite
