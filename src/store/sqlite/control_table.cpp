#include "store/sqlite/control_table.hpp"

#include <cstring>

#include "store/sqlite/log_table.hpp"

namespace cvstroom::store::sqlite {
namespace {

constexpr unsigned bucket_digits = 2;

unsigned bucket_number(const Uuid& cv) {
    return cv.bytes[0];
}

Uuid id_of(std::string_view blob) {
    Uuid id;
    if (blob.size() != id.bytes.size()) throw SqliteFault(SQLITE_CORRUPT, "an id is not 16 bytes long");
    std::memcpy(id.bytes.data(), blob.data(), blob.size());
    return id;
}

ControlBucket bucket_of(const Query& query, int column) {
    return {query.unsigned_integer(column), {query.unsigned_integer(column + 1), query.unsigned_integer(column + 2)}};
}

// Calls back with each CV of the prefix that is published now.
template <typename Visit>
void visit_published_now(Connection& connection, const IdPrefix& prefix, const Visit& visit) {
    const Uuid first = prefix.first();
    const Uuid last = prefix.last();
    auto query = connection.query("SELECT cv, version FROM candidate WHERE cv >= ? AND cv <= ? AND status = 1");
    query.bind_blob(1, first.bytes.data(), first.bytes.size()).bind_blob(2, last.bytes.data(), last.bytes.size());
    while (query.step()) visit(id_of(query.blob(0)), static_cast<Version>(query.integer(1)));
}

// Calls back with each version of the prefix that was published at `until` and is not now, and the other way round.
template <typename Withdraw, typename Publish>
void undo_changes_after(Connection& connection, Seq until, const IdPrefix& prefix, const Withdraw& withdraw,
                        const Publish& publish) {
    const Uuid first = prefix.first();
    const Uuid last = prefix.last();
    const auto visit = [&](Query& query, const auto& call) {
        query.bind(1, until);
        while (query.step()) {
            const Uuid cv = id_of(query.blob(0));
            if (cv >= first && cv <= last) call(cv, static_cast<Version>(query.integer(1)));
        }
    };
    {
        auto query =
            connection.query("SELECT cv, version FROM change WHERE seq > ? AND superseded_by = 0 AND status = 1");
        visit(query, withdraw);
    }
    auto query = connection.query(
        "SELECT cv, version FROM change INDEXED BY change_superseded"
        " WHERE superseded_by > ?1 AND superseded_by > 0 AND seq <= ?1 AND status = 1");
    visit(query, publish);
}

}  // namespace

ControlBucket& ControlDelta::bucket_of(const Uuid& cv) {
    return buckets_[bucket_number(cv)];
}

void ControlDelta::write(Connection& connection) {
    for (const auto& [number, delta] : buckets_) {
        ControlBucket bucket;
        {
            auto query = connection.query("SELECT published, sum_high, sum_low FROM control WHERE bucket = ?");
            if (query.bind(1, std::int64_t{number}).step()) bucket = sqlite::bucket_of(query, 0);
        }
        bucket += delta;
        connection.query("INSERT OR REPLACE INTO control(bucket, published, sum_high, sum_low) VALUES(?, ?, ?, ?)")
            .bind(1, std::int64_t{number})
            .bind(2, bucket.count)
            .bind(3, bucket.sum.high)
            .bind(4, bucket.sum.low)
            .run();
    }
    buckets_.clear();
}

void fill_control(Connection& connection) {
    {
        auto query = connection.query("SELECT 1 FROM control LIMIT 1");
        if (query.step()) return;
    }
    ControlDelta all;
    visit_published_now(connection, {}, [&](const Uuid& cv, Version version) { all.publish(cv, version); });
    all.write(connection);
}

Control read_control(Connection& connection, Seq until, const IdPrefix& prefix, std::uint64_t most_listed) {
    Control control;
    const auto child = [&](const Uuid& cv) -> ControlBucket& { return control.children[hex_digit(cv, prefix.digits)]; };
    const bool uses_buckets = prefix.digits < bucket_digits;
    if (uses_buckets) {
        auto query = connection.query(
            "SELECT bucket, published, sum_high, sum_low FROM control WHERE bucket >= ? AND bucket <= ?");
        const unsigned below = 4 * (bucket_digits - prefix.digits);
        query.bind(1, std::int64_t{prefix.value} << below).bind(2, ((std::int64_t{prefix.value} + 1) << below) - 1);
        while (query.step()) {
            const auto digit = (query.unsigned_integer(0) >> (below - 4)) & 0xFU;
            control.children[digit] += bucket_of(query, 1);
        }
    } else {
        visit_published_now(connection, prefix, [&](const Uuid& cv, Version version) { child(cv).add(cv, version); });
    }
    const bool is_now = until >= read_head(connection).seq;
    if (!is_now) {
        undo_changes_after(
            connection, until, prefix, [&](const Uuid& cv, Version version) { child(cv).remove(cv, version); },
            [&](const Uuid& cv, Version version) { child(cv).add(cv, version); });
    }
    for (const auto& each : control.children) control.whole += each;
    if (control.whole.count > most_listed && prefix.digits < IdPrefix::most_digits) return control;
    auto& members = control.members.emplace();
    visit_published_now(connection, prefix, [&](const Uuid& cv, Version version) { members.emplace(cv, version); });
    if (!is_now) {
        undo_changes_after(
            connection, until, prefix, [&](const Uuid& cv, Version) { members.erase(cv); },
            [&](const Uuid& cv, Version version) { members[cv] = version; });
    }
    return control;
}

}  // namespace cvstroom::store::sqlite
