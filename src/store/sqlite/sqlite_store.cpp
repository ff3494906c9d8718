#include "store/sqlite/sqlite_store.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>

#include "store/sqlite/anchor_table.hpp"
#include "store/sqlite/batch_writer.hpp"
#include "store/sqlite/control_table.hpp"
#include "store/sqlite/history_table.hpp"
#include "store/sqlite/key_table.hpp"
#include "store/sqlite/log_table.hpp"
#include "store/sqlite/partner_table.hpp"
#include "store/sqlite/reader_pool.hpp"
#include "store/sqlite/receipt_table.hpp"
#include "store/sqlite/reference_table.hpp"
#include "store/sqlite/schema.hpp"

namespace cvstroom::store {
namespace {

using sqlite::Connection;
using sqlite::ReaderPool;
using sqlite::SqliteFault;
using sqlite::Transaction;

// How often the log is looked at for writes of other processes while somebody waits.
constexpr std::chrono::milliseconds poll_interval{100};

template <typename T>
struct AsResult {
    using Type = Result<T>;
};
template <typename T>
struct AsResult<Result<T>> {
    using Type = Result<T>;
};

class OpenSqliteStore final : public SqliteStore {
  public:
    OpenSqliteStore(const std::filesystem::path& file, Connection::Access access, const Clock& clock)
        : file_(file), clock_(clock), writer_(file, access), readers_(file) {
        configure_writer(writer_);
        prepare_schema(writer_, clock.now());
        identity_ = read_identity(writer_);
        newest_seen_ = sqlite::read_head(writer_).seq;
    }

    Uuid epoch() const override { return identity_.epoch; }
    std::span<const std::uint8_t, 32> secret() const override { return identity_.secret; }

    Result<std::vector<WriteResult>> append(std::span<const Write> batch) override {
        return guarded("writing a batch", [&]() -> Result<std::vector<WriteResult>> {
            const std::lock_guard lock(writer_mutex_);
            Transaction transaction(writer_, Transaction::Kind::write);
            if (!sqlite::are_checked_as_now(writer_, batch))
                return fail(ErrorCode::conflict, "the code lists were replaced since the documents were checked");
            sqlite::BatchWriter batch_writer(writer_, clock_.now());
            std::vector<WriteResult> results;
            results.reserve(batch.size());
            for (const auto& write : batch) results.push_back(batch_writer.apply(write));
            const Head head = batch_writer.finish();
            transaction.commit();
            if (batch_writer.erased_anything()) overwrite_log();
            announce(head.seq);
            return results;
        });
    }

    Result<Head> head() override {
        return guarded("reading the head", [&] {
            const Head head = sqlite::read_head(*ReaderPool::Lease(readers_));
            see(head.seq);
            return head;
        });
    }

    Result<Head> advance_horizon() override {
        return guarded("moving the horizon", [&] {
            const std::lock_guard lock(writer_mutex_);
            Transaction transaction(writer_, Transaction::Kind::write);
            Head head = sqlite::read_head(writer_);
            see(head.seq);
            const Instant now = clock_.now();
            if (now <= head.horizon) return head;
            writer_.query("UPDATE head SET horizon = ?").bind(1, sqlite::to_microseconds(now)).run();
            transaction.commit();
            head.horizon = now;
            return head;
        });
    }

    Result<Seq> first_at_or_after(Instant instant) override {
        return guarded("finding an instant", [&] {
            const ReaderPool::Lease reader(readers_);
            const Transaction snapshot(*reader, Transaction::Kind::read);
            return sqlite::first_at_or_after(*reader, instant);
        });
    }

    Result<std::optional<Instant>> oldest_available(Instant at) override {
        return guarded("reading how far history goes",
                       [&] { return sqlite::oldest_available(*ReaderPool::Lease(readers_), at); });
    }

    // What to forget is looked up by a reader, so that writers wait only for the removal itself.
    Result<std::size_t> forget_before(Instant oldest, Instant tombstones, std::size_t limit) override {
        return guarded("forgetting old history", [&] {
            const Instant safe = oldest - sqlite::reading_time;
            Seq superseded_before = 0;
            Seq tombstones_before = 0;
            std::vector<Seq> entries;
            {
                const ReaderPool::Lease reader(readers_);
                const Transaction snapshot(*reader, Transaction::Kind::read);
                superseded_before = sqlite::first_at_or_after(*reader, safe);
                tombstones_before = sqlite::first_at_or_after(*reader, std::min(tombstones, safe));
                entries = sqlite::forgettable(*reader, superseded_before, tombstones_before, limit);
            }
            if (entries.empty()) return entries.size();
            const std::lock_guard lock(writer_mutex_);
            Transaction transaction(writer_, Transaction::Kind::write);
            sqlite::promise_history(writer_, oldest, clock_.now());
            sqlite::forget(writer_, entries, superseded_before, tombstones_before);
            transaction.commit();
            return entries.size();
        });
    }

    Result<Control> control(Seq until, const IdPrefix& prefix, std::uint64_t most_listed) override {
        return guarded("adding up what is published", [&] {
            const ReaderPool::Lease reader(readers_);
            const Transaction snapshot(*reader, Transaction::Kind::read);
            return sqlite::read_control(*reader, until, prefix, most_listed);
        });
    }

    Result<void> confirm(const Receipt& receipt) override {
        return guarded("storing a receipt", [&] {
            const std::lock_guard lock(writer_mutex_);
            Transaction transaction(writer_, Transaction::Kind::write);
            sqlite::write_receipt(writer_, receipt);
            transaction.commit();
        });
    }
    Result<std::vector<PartnerReceipt>> receipts(std::size_t most) override {
        return guarded("reading the receipts", [&] {
            const ReaderPool::Lease reader(readers_);
            const Transaction snapshot(*reader, Transaction::Kind::read);
            return sqlite::read_receipts(*reader, most);
        });
    }

    Result<std::optional<Change>> current(const Uuid& cv) override {
        return guarded("looking a CV up", [&] { return sqlite::current_change(*ReaderPool::Lease(readers_), cv); });
    }
    Result<std::vector<Change>> history(const Uuid& cv) override {
        return guarded("reading a CV's history", [&] { return sqlite::history(*ReaderPool::Lease(readers_), cv); });
    }
    Result<bool> scrub(std::chrono::milliseconds patience) override {
        return guarded("folding the write-ahead log in", [&] {
            const std::lock_guard lock(writer_mutex_);
            return fold_log_in(patience);
        });
    }
    Result<std::optional<std::string>> document(Seq seq) override {
        return guarded("reading a document", [&] { return sqlite::read_document(*ReaderPool::Lease(readers_), seq); });
    }
    Result<std::vector<std::optional<std::string>>> documents(std::span<const Seq> entries) override {
        return guarded("reading documents", [&] {
            const ReaderPool::Lease reader(readers_);
            const Transaction snapshot(*reader, Transaction::Kind::read);
            std::vector<std::optional<std::string>> found;
            found.reserve(entries.size());
            for (const Seq seq : entries) found.push_back(sqlite::read_document(*reader, seq));
            return found;
        });
    }
    Result<std::vector<std::optional<std::string>>> traces(std::span<const Seq> entries) override {
        return guarded("reading the codes of older versions", [&] {
            const ReaderPool::Lease reader(readers_);
            const Transaction snapshot(*reader, Transaction::Kind::read);
            std::vector<std::optional<std::string>> found;
            found.reserve(entries.size());
            for (const Seq seq : entries) found.push_back(sqlite::read_trace(*reader, seq));
            return found;
        });
    }
    Result<std::optional<Change>> state_before(Seq entry, Seq at) override {
        return guarded("looking an older version up", [&] {
            const ReaderPool::Lease reader(readers_);
            const Transaction snapshot(*reader, Transaction::Kind::read);
            return sqlite::state_before(*reader, entry, at);
        });
    }
    Result<std::vector<Change>> changes_after(Seq after, std::size_t limit) override {
        return guarded("reading the log",
                       [&] { return sqlite::changes_after(*ReaderPool::Lease(readers_), after, limit); });
    }
    Result<std::vector<Change>> read_range(const LogRange& range, Seq after, std::size_t limit) override {
        return guarded("reading a window",
                       [&] { return sqlite::read_range(*ReaderPool::Lease(readers_), range, after, limit); });
    }
    Result<RangeOutline> outline(const LogRange& range, std::uint64_t stride) override {
        return guarded("counting a window",
                       [&] { return sqlite::outline(*ReaderPool::Lease(readers_), range, stride); });
    }
    Result<void> visit_published(Seq after, Seq until, const Visitor& visit) override {
        return guarded("reading all documents",
                       [&] { sqlite::visit_published(*ReaderPool::Lease(readers_), after, until, visit); });
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
        return in_transaction("storing a partner", [&]() -> Result<void> {
            if (!sqlite::insert_partner(writer_, partner))
                return fail(ErrorCode::conflict, "this name is taken", partner.name);
            return record(event);
        });
    }
    Result<void> change_partner(const PartnerRecord& partner, const std::string& expected_state,
                                const PartnerEvent& event, bool revoke_keys) override {
        return in_transaction("changing a partner", [&]() -> Result<void> {
            const auto known = sqlite::find_partner(writer_, partner.name);
            if (!known) return fail(ErrorCode::not_found, "there is no such partner", partner.name);
            if (known->state != expected_state) {
                return fail(ErrorCode::conflict, "became '" + known->state + "' meanwhile; look again", partner.name);
            }
            sqlite::update_partner(writer_, partner);
            if (revoke_keys) sqlite::revoke_keys_of(writer_, known->name, clock_.now());
            return record(event);
        });
    }
    Result<std::optional<PartnerRecord>> partner(const std::string& name) override {
        return guarded("reading a partner", [&] { return sqlite::find_partner(*ReaderPool::Lease(readers_), name); });
    }
    Result<std::vector<PartnerRecord>> partners() override {
        return guarded("reading the partners", [&] { return sqlite::read_partners(*ReaderPool::Lease(readers_)); });
    }
    Result<std::vector<PartnerEvent>> partner_events(const std::string& name) override {
        return guarded("reading a partner's history",
                       [&] { return sqlite::read_events(*ReaderPool::Lease(readers_), name); });
    }
    Result<void> insert_key(const KeyRecord& key, const std::optional<PartnerEvent>& event) override {
        return in_transaction("storing a key", [&]() -> Result<void> {
            if (!sqlite::insert_key(writer_, key)) return fail(ErrorCode::conflict, "this prefix is taken", key.prefix);
            return record(event);
        });
    }
    Result<void> revoke_key(const std::string& prefix, Instant at, const std::optional<PartnerEvent>& event) override {
        return in_transaction("revoking a key", [&]() -> Result<void> {
            if (!sqlite::revoke_key(writer_, prefix, at))
                return fail(ErrorCode::not_found, "no key has this prefix", prefix);
            return record(event);
        });
    }
    Result<void> rotate_key(const std::string& prefix, Instant at, const KeyRecord& next,
                            const std::optional<PartnerEvent>& event) override {
        return in_transaction("rotating a key", [&]() -> Result<void> {
            if (!sqlite::expire_key(writer_, prefix, at))
                return fail(ErrorCode::not_found, "no key has this prefix", prefix);
            if (!sqlite::insert_key(writer_, next))
                return fail(ErrorCode::conflict, "this prefix is taken", next.prefix);
            return record(event);
        });
    }
    Result<void> add_usage(std::span<const UsageRecord> usage, std::span<const KeyUse> keys) override {
        return in_transaction("writing down usage", [&]() -> Result<void> {
            sqlite::add_usage(writer_, usage);
            sqlite::note_key_uses(writer_, keys);
            return {};
        });
    }
    Result<std::vector<UsageRecord>> usage(const std::string& partner) override {
        return guarded("reading usage", [&] { return sqlite::read_usage(*ReaderPool::Lease(readers_), partner); });
    }
    Result<Instant> latest_instant() override {
        return guarded("reading the latest instant",
                       [&] { return sqlite::latest_instant(*ReaderPool::Lease(readers_)); });
    }
    Result<std::vector<KeyRecord>> keys() override {
        return guarded("reading the keys", [&] { return sqlite::read_keys(*ReaderPool::Lease(readers_)); });
    }
    Result<std::uint64_t> keys_revision() override {
        return guarded("looking for new keys", [&] { return sqlite::keys_revision(*ReaderPool::Lease(readers_)); });
    }

    Result<std::uint32_t> add_list(const ListVersion& list, const std::string& frame, const LastCheck& check) override {
        return guarded("storing a code list", [&]() -> Result<std::uint32_t> {
            const std::lock_guard lock(writer_mutex_);
            Transaction transaction(writer_, Transaction::Kind::write);
            if (check) {
                if (auto passed = check(); !passed) return tl::unexpected(std::move(passed.error()));
            }
            const auto version = sqlite::add_list(writer_, list, frame);
            transaction.commit();
            return version;
        });
    }
    Result<std::vector<ListVersion>> list_versions() override {
        return guarded("reading the code lists", [&] { return sqlite::list_versions(*ReaderPool::Lease(readers_)); });
    }
    Result<std::optional<std::string>> list_file(const std::string& name, std::uint32_t version) override {
        return guarded("reading a code list",
                       [&] { return sqlite::list_file(*ReaderPool::Lease(readers_), name, version); });
    }
    Result<std::uint64_t> lists_revision() override {
        return guarded("looking for new code lists",
                       [&] { return sqlite::lists_revision(*ReaderPool::Lease(readers_)); });
    }

    Result<void> save_anchor(const AuditAnchor& anchor) override {
        return guarded("anchoring the audit", [&] {
            const std::lock_guard lock(writer_mutex_);
            Transaction transaction(writer_, Transaction::Kind::write);
            sqlite::save_anchor(writer_, anchor);
            transaction.commit();
        });
    }
    Result<std::vector<AuditAnchor>> anchors() override {
        return guarded("reading the audit's anchors",
                       [&] { return sqlite::read_anchors(*ReaderPool::Lease(readers_)); });
    }

    // Runs `work`, whose exceptions of this room become Errors that say what was being done. It may return a Result.
    template <typename Work>
    auto guarded(std::string_view doing, const Work& work) -> typename AsResult<decltype(work())>::Type {
        try {
            if constexpr (std::is_void_v<decltype(work())>) {
                work();
                return {};
            } else {
                return work();
            }
        } catch (const SqliteFault& fault) {
            return fail(fault.error_code(), std::string(doing) + ": " + fault.what(), file_.string());
        }
    }

  private:
    // All of `work`, whose Error undoes it, or nothing.
    template <typename Work>
    Result<void> in_transaction(std::string_view doing, const Work& work) {
        return guarded(doing, [&]() -> Result<void> {
            const std::lock_guard lock(writer_mutex_);
            Transaction transaction(writer_, Transaction::Kind::write);
            auto outcome = work();
            if (outcome) transaction.commit();
            return outcome;
        });
    }
    Result<void> record(const std::optional<PartnerEvent>& event) {
        if (event) sqlite::insert_event(writer_, *event, clock_.now());
        sqlite::raise_keys_revision(writer_);
        return {};
    }

    // What was erased is overwritten in the database's pages (secure_delete), but its old pages may still stand in the
    // write-ahead log: fold that in and cut it off. A reader in the midst of a snapshot can put that off to a later
    // erasure.
    void overwrite_log() {
        try {
            fold_log_in(std::chrono::milliseconds{0});
        } catch (const SqliteFault&) {
            // The erasure is committed and durable; only the shortening of the log waits.
        }
    }

    // Whether the log is empty now.
    bool fold_log_in(std::chrono::milliseconds patience) {
        writer_.set_patience(patience);
        bool is_busy = true;
        try {
            auto query = writer_.query("PRAGMA wal_checkpoint(TRUNCATE)");
            is_busy = !query.step() || query.integer(0) != 0;
        } catch (const SqliteFault& fault) {
            writer_.set_patience(Connection::usual_patience);
            if (fault.error_code() != ErrorCode::unavailable) throw;
            return false;
        }
        writer_.set_patience(Connection::usual_patience);
        return !is_busy;
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

    std::filesystem::path file_;
    const Clock& clock_;
    std::mutex writer_mutex_;
    Connection writer_;
    ReaderPool readers_;
    sqlite::Identity identity_;
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
        return std::make_unique<OpenSqliteStore>(file, access, clock);
    } catch (const SqliteFault& fault) {
        return fail(fault.error_code(), fault.what(), file.string());
    }
}

}  // namespace cvstroom::store
