#include "store/sqlite/batch_writer.hpp"

#include <algorithm>

#include "candidate/fact_codes.hpp"
#include "store/document_codec.hpp"
#include "store/sqlite/log_table.hpp"

namespace cvstroom::store::sqlite {
namespace {

using candidate::Status;

constexpr std::chrono::microseconds tick{1};

bool is_current_version(const Write& write, Version current, bool exists) {
    if (!write.expected_version) return true;
    return *write.expected_version == 0 ? !exists : *write.expected_version == current;
}

std::string_view as_text(const Sha256& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

// The horizon is later than every instant in the log and was promised to readers: nothing may land before it,
// whatever the clock says. The lock that the transaction holds makes this the order of commits.
BatchWriter::BatchWriter(Connection& connection, Instant now)
    : connection_(connection), head_(read_head(connection)), instant_(std::max(now, head_.horizon)) {}

BatchWriter::Stored BatchWriter::find(const Uuid& cv) {
    auto query = connection_.query("SELECT seq, version, status, digest FROM candidate WHERE cv = ?");
    query.bind_blob(1, cv.bytes.data(), cv.bytes.size());
    if (!query.step()) return {};
    return {query.unsigned_integer(0), static_cast<Version>(query.integer(1)), static_cast<Status>(query.integer(2)),
            std::string(query.blob(3))};
}

WriteResult BatchWriter::apply(const Write& write) {
    const Stored before = find(write.cv);
    if (!is_current_version(write, before.version, before.exists())) {
        return {Effect::outdated, before.version, before.seq};
    }
    if (write.status == Status::erased) {
        if (before.seq == 0) return {Effect::unknown, 0, 0};
        if (!before.exists()) return {Effect::unchanged, before.version, before.seq};
        return log(write, before, Effect::erased);
    }
    const bool is_same = before.exists() && before.status == write.status && before.digest == as_text(write.digest);
    if (is_same) return {Effect::unchanged, before.version, before.seq};
    return log(write, before, before.exists() ? Effect::changed : Effect::created);
}

WriteResult BatchWriter::log(const Write& write, const Stored& before, Effect effect) {
    const Seq seq = ++head_.seq;
    const Version version = before.version + 1;
    const auto& cv = write.cv.bytes;
    const auto status = static_cast<std::int64_t>(write.status);
    connection_.query("INSERT INTO change(seq, instant, cv, status, version, changed_on) VALUES(?, ?, ?, ?, ?, ?)")
        .bind(1, seq)
        .bind(2, to_microseconds(instant_))
        .bind_blob(3, cv.data(), cv.size())
        .bind(4, status)
        .bind(5, std::int64_t{version})
        .bind(6, std::int64_t{std::chrono::sys_days{write.changed_on}.time_since_epoch().count()})
        .run();
    if (before.seq != 0) {
        connection_.query("UPDATE change SET superseded_by = ? WHERE seq = ?").bind(1, seq).bind(2, before.seq).run();
        if (before.status == Status::open && write.status != Status::erased) keep_trace(before.seq, write.cv);
        connection_.query("DELETE FROM document WHERE seq = ?").bind(1, before.seq).run();
    }
    auto upsert = connection_.query(
        "INSERT INTO candidate(cv, seq, version, status, digest) VALUES(?, ?, ?, ?, ?)"
        " ON CONFLICT(cv) DO UPDATE SET seq = excluded.seq, version = excluded.version, status = excluded.status,"
        " digest = excluded.digest");
    upsert.bind_blob(1, cv.data(), cv.size()).bind(2, seq).bind(3, std::int64_t{version}).bind(4, status);
    if (write.status == Status::erased) {
        erased_anything_ = true;
        connection_.query("DELETE FROM trace WHERE cv = ?").bind_blob(1, cv.data(), cv.size()).run();
        upsert.bind_null(5).run();
    } else {
        upsert.bind_blob(5, write.digest.data(), write.digest.size()).run();
        connection_.query("INSERT INTO document(seq, body) VALUES(?, ?)")
            .bind(1, seq)
            .bind_blob(2, write.document.data(), write.document.size())
            .run();
    }
    if (before.seq != 0 && before.status == Status::open) {
        --head_.published;
        control_.withdraw(write.cv, before.version);
    }
    if (write.status == Status::open) {
        ++head_.published;
        control_.publish(write.cv, version);
    }
    has_logged_ = true;
    return {effect, version, seq};
}

// What cannot be read leaves no trace, which the feed takes for a version that might have been in any selection.
void BatchWriter::keep_trace(Seq superseded, const Uuid& cv) {
    const auto frame = read_document(connection_, superseded);
    if (!frame) return;
    const auto json = decompress_document(*frame);
    if (!json) return;
    const auto facts = fact_reader_.read(*json);
    if (!facts) return;
    const std::string codes = candidate::pack_facts(**facts);
    connection_.query("INSERT OR REPLACE INTO trace(seq, cv, codes) VALUES(?, ?, ?)")
        .bind(1, superseded)
        .bind_blob(2, cv.bytes.data(), cv.bytes.size())
        .bind_blob(3, codes.data(), codes.size())
        .run();
}

Head BatchWriter::finish() {
    if (!has_logged_) return head_;
    control_.write(connection_);
    head_.instant = instant_;
    head_.horizon = instant_ + tick;
    connection_.query("UPDATE head SET seq = ?, instant = ?, horizon = ?, published = ?")
        .bind(1, head_.seq)
        .bind(2, to_microseconds(head_.instant))
        .bind(3, to_microseconds(head_.horizon))
        .bind(4, head_.published)
        .run();
    return head_;
}

}  // namespace cvstroom::store::sqlite
