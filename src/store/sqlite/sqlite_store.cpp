#include "store/sqlite/sqlite_store.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>

#include "store/sqlite/anchor_table.hpp"
#include "store/sqlite/batch_writer.hpp"
#include "store/sqlite/control_table.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/history_table.hpp"
#include "store/sqlite/key_table.hpp"
#include "store/sqlite/log_table.hpp"
#include "store/sqlite/partner_table.hpp"
#include "store/sqlite/receipt_table.hpp"
#include "store/sqlite/reference_table.hpp"

namespace cvstroom::store {
namespace {

using sqlite::Connection;
using sqlite::SqliteFault;

// How often the log is looked at for writes of other processes while somebody waits.
constexpr std::chrono::milliseconds poll_interval{100};

class OpenSqliteStore final : public SqliteStore {
  public:
    OpenSqliteStore(const std::filesystem::path& file, Connection::Access access, const Clock& clock)
        : clock_(clock), database_(file, access, clock.now()) {}

    Uuid epoch() const override { return database_.identity().epoch; }
    std::span<const std::uint8_t, 32> secret() const override { return database_.identity().secret; }

    Result<std::vector<WriteResult>> append(std::span<const Write> batch) override {
        Head head;
        bool erased_anything = false;
        auto results = database_.write("writing a batch", [&](Connection& writer) -> Result<std::vector<WriteResult>> {
            if (!sqlite::are_checked_as_now(writer, batch))
                return fail(ErrorCode::conflict, "the code lists were replaced since the documents were checked");
            sqlite::BatchWriter batch_writer(writer, clock_.now());
            std::vector<WriteResult> each;
            each.reserve(batch.size());
            for (const auto& write : batch) each.push_back(batch_writer.apply(write));
            head = batch_writer.finish();
            erased_anything = batch_writer.erased_anything();
            return each;
        });
        if (!results) return results;
        // What was erased is overwritten in the database's pages (secure_delete), but its old pages may still stand in
        // the write-ahead log. The erasure is durable, whatever comes of this: a reader in the midst of a snapshot can
        // put it off to a later erasure.
        if (erased_anything) static_cast<void>(database_.fold_log_in(std::chrono::milliseconds{0}));
        announce(head.seq);
        return results;
    }

    Result<Head> head() override {
        auto head = database_.read("reading the head", [](Connection& reader) { return sqlite::read_head(reader); });
        if (head) see(head->seq);
        return head;
    }

    Result<Head> advance_horizon() override {
        return database_.write("moving the horizon", [&](Connection& writer) {
            Head head = sqlite::read_head(writer);
            see(head.seq);
            const Instant now = clock_.now();
            if (now <= head.horizon) return head;
            writer.query("UPDATE head SET horizon = ?").bind(1, sqlite::to_microseconds(now)).run();
            head.horizon = now;
            return head;
        });
    }

    Result<Seq> first_at_or_after(Instant instant) override {
        return database_.read_snapshot("finding an instant",
                                       [&](Connection& reader) { return sqlite::first_at_or_after(reader, instant); });
    }

    Result<std::optional<Instant>> oldest_available(Instant at) override {
        return database_.read("reading how far history goes",
                              [&](Connection& reader) { return sqlite::oldest_available(reader, at); });
    }

    // What to forget is looked up by a reader, so that writers wait only for the removal itself.
    Result<std::size_t> forget_before(Instant oldest, Instant tombstones, std::size_t limit) override {
        constexpr std::string_view doing = "forgetting old history";
        const Instant safe = oldest - sqlite::reading_time;
        Seq superseded_before = 0;
        Seq tombstones_before = 0;
        const auto entries = database_.read_snapshot(doing, [&](Connection& reader) {
            superseded_before = sqlite::first_at_or_after(reader, safe);
            tombstones_before = sqlite::first_at_or_after(reader, std::min(tombstones, safe));
            return sqlite::forgettable(reader, superseded_before, tombstones_before, limit);
        });
        if (!entries) return tl::unexpected(entries.error());
        if (entries->empty()) return std::size_t{0};
        return database_.write(doing, [&](Connection& writer) {
            sqlite::promise_history(writer, oldest, clock_.now());
            sqlite::forget(writer, *entries, superseded_before, tombstones_before);
            return entries->size();
        });
    }

    Result<Control> control(Seq until, const IdPrefix& prefix, std::uint64_t most_listed) override {
        return database_.read_snapshot("adding up what is published", [&](Connection& reader) {
            return sqlite::read_control(reader, until, prefix, most_listed);
        });
    }

    Result<void> confirm(const Receipt& receipt) override {
        return database_.write("storing a receipt",
                               [&](Connection& writer) { sqlite::write_receipt(writer, receipt); });
    }
    Result<std::vector<PartnerReceipt>> receipts(std::size_t most) override {
        return database_.read_snapshot("reading the receipts",
                                       [&](Connection& reader) { return sqlite::read_receipts(reader, most); });
    }

    Result<std::optional<Change>> current(const Uuid& cv) override {
        return database_.read("looking a CV up",
                              [&](Connection& reader) { return sqlite::current_change(reader, cv); });
    }
    Result<std::vector<Change>> history(const Uuid& cv) override {
        return database_.read("reading a CV's history",
                              [&](Connection& reader) { return sqlite::history(reader, cv); });
    }
    Result<bool> scrub(std::chrono::milliseconds patience) override { return database_.fold_log_in(patience); }
    Result<std::optional<std::string>> document(Seq seq) override {
        return database_.read("reading a document",
                              [&](Connection& reader) { return sqlite::read_document(reader, seq); });
    }
    Result<std::vector<std::optional<std::string>>> documents(std::span<const Seq> entries) override {
        return read_each("reading documents", entries, sqlite::read_document);
    }
    Result<std::vector<std::optional<std::string>>> traces(std::span<const Seq> entries) override {
        return read_each("reading the codes of older versions", entries, sqlite::read_trace);
    }
    Result<std::optional<Change>> state_before(Seq entry, Seq at) override {
        return database_.read_snapshot("looking an older version up",
                                       [&](Connection& reader) { return sqlite::state_before(reader, entry, at); });
    }
    Result<std::vector<Change>> changes_after(Seq after, std::size_t limit) override {
        return database_.read("reading the log",
                              [&](Connection& reader) { return sqlite::changes_after(reader, after, limit); });
    }
    Result<std::vector<Change>> read_range(const LogRange& range, Seq after, std::size_t limit) override {
        return database_.read("reading a window",
                              [&](Connection& reader) { return sqlite::read_range(reader, range, after, limit); });
    }
    Result<RangeOutline> outline(const LogRange& range, std::uint64_t stride) override {
        return database_.read("counting a window",
                              [&](Connection& reader) { return sqlite::outline(reader, range, stride); });
    }
    Result<void> visit_published(Seq after, Seq until, const Visitor& visit) override {
        return database_.read("reading all documents",
                              [&](Connection& reader) { sqlite::visit_published(reader, after, until, visit); });
    }

    Seq wait_for_change(Seq after, std::chrono::milliseconds timeout) override {
        const auto deadline = std::chrono::steady_clock::now() + timeout;
        for (;;) {
            {
                std::unique_lock lock(announce_mutex_);
                const auto until = std::min(deadline, std::chrono::steady_clock::now() + poll_interval);
                if (announced_.wait_until(lock, until, [&] { return newest_seen() > after; })) {
                    return newest_seen();
                }
            }
            if (const auto seen = head(); seen && seen->seq > after) {
                announce(seen->seq);
                return seen->seq;
            }
            if (std::chrono::steady_clock::now() >= deadline) return after;
        }
    }

    Result<void> add_partner(const PartnerRecord& partner, const PartnerEvent& event) override {
        return database_.write("storing a partner", [&](Connection& writer) -> Result<void> {
            if (!sqlite::insert_partner(writer, partner))
                return fail(ErrorCode::conflict, "this name is taken", partner.name);
            return record(writer, event);
        });
    }
    Result<void> change_partner(const PartnerRecord& partner, const PartnerRecord& expected, const PartnerEvent& event,
                                bool revoke_keys) override {
        return database_.write("changing a partner", [&](Connection& writer) -> Result<void> {
            const auto known = sqlite::find_partner(writer, partner.name);
            if (!known) return fail(ErrorCode::not_found, "there is no such partner", partner.name);
            if (known->state != expected.state) {
                return fail(ErrorCode::conflict, "became '" + known->state + "' meanwhile; look again", partner.name);
            }
            if (known->subscriptions != expected.subscriptions)
                return fail(ErrorCode::conflict, "its subscriptions changed meanwhile; look again", partner.name);
            sqlite::update_partner(writer, partner);
            if (revoke_keys) sqlite::revoke_keys_of(writer, known->name, clock_.now(), event.who);
            return record(writer, event);
        });
    }
    Result<std::optional<PartnerRecord>> partner(const std::string& name) override {
        return database_.read("reading a partner",
                              [&](Connection& reader) { return sqlite::find_partner(reader, name); });
    }
    Result<std::vector<PartnerRecord>> partners() override {
        return database_.read("reading the partners",
                              [&](Connection& reader) { return sqlite::read_partners(reader); });
    }
    Result<std::vector<PartnerEvent>> partner_events(const std::string& name) override {
        return database_.read("reading a partner's history",
                              [&](Connection& reader) { return sqlite::read_events(reader, name); });
    }
    Result<void> insert_key(const KeyRecord& key, const std::optional<PartnerEvent>& event) override {
        return database_.write("storing a key", [&](Connection& writer) -> Result<void> {
            if (!sqlite::insert_key(writer, key)) return fail(ErrorCode::conflict, "this prefix is taken", key.prefix);
            return record(writer, event);
        });
    }
    Result<void> revoke_key(const std::string& prefix, Instant at, const std::string& who,
                            const std::optional<PartnerEvent>& event) override {
        return database_.write("revoking a key", [&](Connection& writer) -> Result<void> {
            if (!sqlite::revoke_key(writer, prefix, at, who))
                return fail(ErrorCode::not_found, "no key has this prefix", prefix);
            return record(writer, event);
        });
    }
    Result<void> rotate_key(const std::string& prefix, Instant at, const KeyRecord& next,
                            const std::optional<PartnerEvent>& event) override {
        return database_.write("rotating a key", [&](Connection& writer) -> Result<void> {
            if (!sqlite::expire_key(writer, prefix, at))
                return fail(ErrorCode::not_found, "no key has this prefix", prefix);
            if (!sqlite::insert_key(writer, next))
                return fail(ErrorCode::conflict, "this prefix is taken", next.prefix);
            return record(writer, event);
        });
    }
    Result<void> add_usage(std::span<const UsageRecord> usage, std::span<const KeyUse> keys) override {
        return database_.write("writing down usage", [&](Connection& writer) -> Result<void> {
            sqlite::add_usage(writer, usage);
            sqlite::note_key_uses(writer, keys);
            return {};
        });
    }
    Result<std::vector<UsageRecord>> usage(const std::string& partner) override {
        return database_.read("reading usage", [&](Connection& reader) { return sqlite::read_usage(reader, partner); });
    }
    Result<Instant> latest_instant() override {
        return database_.read("reading the latest instant",
                              [&](Connection& reader) { return sqlite::latest_instant(reader); });
    }
    Result<std::vector<KeyRecord>> keys() override {
        return database_.read("reading the keys", [&](Connection& reader) { return sqlite::read_keys(reader); });
    }
    Result<std::uint64_t> keys_revision() override {
        return database_.read("looking for new keys",
                              [&](Connection& reader) { return sqlite::keys_revision(reader); });
    }

    Result<std::uint32_t> add_list(const ListVersion& list, const std::string& frame, const LastCheck& check) override {
        return database_.write("storing a code list", [&](Connection& writer) -> Result<std::uint32_t> {
            if (check) {
                if (auto passed = check(); !passed) return tl::unexpected(std::move(passed.error()));
            }
            return sqlite::add_list(writer, list, frame);
        });
    }
    Result<std::vector<ListVersion>> list_versions() override {
        return database_.read("reading the code lists",
                              [&](Connection& reader) { return sqlite::list_versions(reader); });
    }
    Result<std::optional<std::string>> list_file(const std::string& name, std::uint32_t version) override {
        return database_.read("reading a code list",
                              [&](Connection& reader) { return sqlite::list_file(reader, name, version); });
    }
    Result<std::uint64_t> lists_revision() override {
        return database_.read("looking for new code lists",
                              [&](Connection& reader) { return sqlite::lists_revision(reader); });
    }

    Result<void> save_anchor(const AuditAnchor& anchor) override {
        return database_.write("anchoring the audit", [&](Connection& writer) { sqlite::save_anchor(writer, anchor); });
    }
    Result<std::vector<AuditAnchor>> anchors() override {
        return database_.read("reading the audit's anchors",
                              [&](Connection& reader) { return sqlite::read_anchors(reader); });
    }

  private:
    Result<std::vector<std::optional<std::string>>> read_each(std::string_view doing, std::span<const Seq> entries,
                                                              std::optional<std::string> (*read)(Connection&, Seq)) {
        return database_.read_snapshot(doing, [&](Connection& reader) {
            std::vector<std::optional<std::string>> found;
            found.reserve(entries.size());
            for (const Seq seq : entries) found.push_back(read(reader, seq));
            return found;
        });
    }

    Result<void> record(Connection& writer, const std::optional<PartnerEvent>& event) {
        if (event) sqlite::insert_event(writer, *event, clock_.now());
        sqlite::raise_keys_revision(writer);
        return {};
    }

    Seq newest_seen() const override { return newest_seen_.load(std::memory_order_acquire); }

    void see(Seq seq) {
        Seq known = newest_seen_.load(std::memory_order_relaxed);
        while (known < seq && !newest_seen_.compare_exchange_weak(known, seq, std::memory_order_release)) {
        }
    }

    // Under the lock, so that nobody who is about to wait misses it.
    void announce(Seq seq) {
        {
            const std::lock_guard lock(announce_mutex_);
            see(seq);
        }
        announced_.notify_all();
    }

    const Clock& clock_;
    sqlite::Database database_;
    std::mutex announce_mutex_;
    std::condition_variable announced_;
    std::atomic<Seq> newest_seen_ = 0;
};

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& file, Mode mode,
                                                       const Clock& clock) {
    std::error_code error;
    const bool is_there = std::filesystem::exists(file, error);
    if (!is_there && mode == Mode::open_existing) {
        return fail(ErrorCode::not_found, "there is no such database; 'cvstroom import' makes one", file.string());
    }
    try {
        const auto access =
            mode == Mode::open_existing ? Connection::Access::read_write : Connection::Access::read_write_create;
        auto store = std::make_unique<OpenSqliteStore>(file, access, clock);
        if (const auto head = store->head(); !head) return tl::unexpected(head.error());  // which is seen from now on
        return store;
    } catch (const SqliteFault& fault) {
        return fail(fault.error_code(), fault.what(), file.string());
    }
}

}  // namespace cvstroom::store
