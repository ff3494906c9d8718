// The store: documents and the one change log that everything else follows (DESIGN 1 and 2).
//
// What every implementation promises, and tests/store/conformance holds each of them to:
//   * `seq` rises by exactly one per change, in commit order; an entry is visible only when all before it are.
//   * `instant` never falls along `seq`, whatever the clock does, and every transaction's instant is later than those
//     of all transactions before it: two transactions are never at the same instant.
//   * `horizon` is later than every committed instant, and no later commit can land before it. It is stored, so this
//     holds across restarts and nodes.
//   * What append() has acknowledged is durable. A batch is stored whole or not at all.
//   * A superseded entry stays in the log, and knows the `seq` that superseded it.
//   * Erasing (Status::erased) removes the CV's documents from the store in the same transaction.
// Implementations are thread-safe. Exceptions of the database stay inside; Errors come out.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "candidate/candidate.hpp"
#include "store/control.hpp"
#include "store/receipt.hpp"

namespace cvstroom::store {

// A position in the change log; the first change has 1, and 0 stands before all.
using Seq = std::uint64_t;

// The number of a CV's version: 1 when it is first stored, then one more with each change, also across
// withdrawal, erasure and re-creation (pitfall 32).
using Version = std::uint32_t;

// An entry of the change log.
struct Change {
    Seq seq{};
    Instant instant{};
    Uuid cv;
    candidate::Status status{};
    Version version{};
    Date changed_on;        // wijzigingsDatum of this version; kept for tombstones
    Seq superseded_by = 0;  // 0: this is the CV's current state
};

// What a provider asks for. `document` is one zstd frame of the canonical form; it is empty for an erasure.
struct Write {
    Uuid cv;
    candidate::Status status{};
    Date changed_on;
    std::string document;
    Sha256 digest{};                          // of the canonical form: equal means "no change"
    std::optional<Version> expected_version;  // If-Match; 0: the CV must not exist yet (If-None-Match: *)
    // Of the code lists that the document was checked with (ReferenceStore::lists_revision); nothing: not checked.
    std::optional<std::uint64_t> lists_revision;
};

enum class Effect {
    created,    // a first version, or one after an erasure
    changed,    // a new version (also: withdrawn, published again)
    erased,     // Status::erased of a CV that was there
    unchanged,  // the same document and status: no entry in the log
    unknown,    // an erasure of a CV that never was: nothing to do
    outdated,   // expected_version was not the current version: nothing stored for this write
};

struct WriteResult {
    Effect effect{};
    Version version{};  // the version after the write; for `outdated` the current one
    Seq seq{};          // of the new entry, or of the current one when nothing was written; 0 if there is none
};

struct Head {
    Seq seq{};                    // of the last entry; 0 when the log is empty
    Instant instant{};            // of the last entry; the epoch (1970) when the log is empty
    Instant horizon{};            // see above
    std::uint64_t published = 0;  // the number of CVs that are OPEN
};

// A range of the log as a feed sees it: the entries with from < seq <= until that are the last of their CV among
// those with seq <= until (superseded_by is 0 or > until). With only_published, of these the OPEN ones.
struct LogRange {
    Seq from{};
    Seq until{};
    bool only_published = false;
};

// The size of a range, and a sparse way into it: fence[k] is the seq of the (k * stride)-th entry.
struct RangeOutline {
    std::uint64_t count{};
    std::uint64_t stride{};
    std::vector<Seq> fence;
};

class Store {
  public:
    virtual ~Store() = default;

    // Identifies this history; another one after a restored backup (pitfall 35).
    virtual Uuid epoch() const = 0;

    // 32 random bytes, made with the store, for authenticating cursors; the same on all nodes.
    virtual std::span<const std::uint8_t, 32> secret() const = 0;

    // Writes the batch in one transaction and returns a result for each write, in order. Blocks until durable.
    // Writes of the same CV within a batch are applied in order. `conflict` when a document was checked with other code
    // lists than those that count by now: nothing of the batch is stored; check it again.
    virtual Result<std::vector<WriteResult>> append(std::span<const Write> batch) = 0;

    virtual Result<Head> head() = 0;

    // Moves the horizon up to `now` when the clock is past it, durably, and returns the head as it is then.
    // A clock that stands behind the horizon changes nothing.
    virtual Result<Head> advance_horizon() = 0;

    // Returns the first entry with instant >= `instant`, as its seq; head().seq + 1 when there is none. O(log n).
    virtual Result<Seq> first_at_or_after(Instant instant) = 0;

    // The instant before which history may have been forgotten, as it is now or was when the horizon stood at `at`;
    // nothing when the whole log is, or was, there. Never falls.
    virtual Result<std::optional<Instant>> oldest_available(Instant at = Instant::max()) = 0;

    // Forgets history before `oldest`, in one short transaction: entries superseded before it (an hour is left to who
    // is reading) and tombstones of before `tombstones`. At most `limit` entries; returns how many, 0 when all is done.
    // What is current stays, so the initial load stays right, and so do all windows that begin at or after `oldest`.
    virtual Result<std::size_t> forget_before(Instant oldest, Instant tombstones, std::size_t limit) = 0;

    // What was published when the log ended at `until`, of the ids with a prefix, with its members when they are at
    // most `most_listed` (SPEC 5, controle). Cheap for the present; for the past O(changes since then). Pre: `until`
    // lies within history.
    virtual Result<Control> control(Seq until, const IdPrefix& prefix, std::uint64_t most_listed) = 0;

    // Stores what a partner confirms, durably; and what all of them did, each with at most `most` open removals.
    virtual Result<void> confirm(const Receipt& receipt) = 0;
    virtual Result<std::vector<PartnerReceipt>> receipts(std::size_t most) = 0;

    // The CV's newest entry, or nothing if it never existed.
    virtual Result<std::optional<Change>> current(const Uuid& cv) = 0;

    // All entries of one CV, oldest first. O(entries in the log): for the person's own questions, not for serving.
    virtual Result<std::vector<Change>> history(const Uuid& cv) = 0;

    // Makes sure that nothing of what was erased is left in the store's files: true when that is so. Waits at most
    // `patience` for readers of an older state; false when one outlasts it.
    virtual Result<bool> scrub(std::chrono::milliseconds patience) = 0;

    // The zstd frame that was stored with entry `seq`; nothing when it has none (an erasure) or it was superseded
    // and is no longer kept.
    virtual Result<std::optional<std::string>> document(Seq seq) = 0;

    // The same for many entries, in the order asked.
    virtual Result<std::vector<std::optional<std::string>>> documents(std::span<const Seq> entries) = 0;

    // The codes (candidate/fact_codes.hpp) of versions that were OPEN and have been superseded, in the order asked;
    // nothing for others, and when the CV was erased since.
    virtual Result<std::vector<std::optional<std::string>>> traces(std::span<const Seq> entries) = 0;

    // The entry of the same CV that was its current one when the log ended at `at`; nothing when it did not exist then.
    // Pre: at < entry, and `at` lies within history. O(the CV's entries between).
    virtual Result<std::optional<Change>> state_before(Seq entry, Seq at) = 0;

    // All entries with seq > after, at most `limit`, in order: what a follower applies.
    virtual Result<std::vector<Change>> changes_after(Seq after, std::size_t limit) = 0;

    // Entries of `range` with seq > after, at most `limit`, in order.
    virtual Result<std::vector<Change>> read_range(const LogRange& range, Seq after, std::size_t limit) = 0;

    // Counts the entries of `range` and marks every stride-th. O(entries in the range).
    virtual Result<RangeOutline> outline(const LogRange& range, std::uint64_t stride) = 0;

    // Calls `visit` for every entry that is current and OPEN with after < seq <= until, in order of seq, with its
    // document (a zstd frame, valid during the call). Stops early when `visit` returns false. One consistent snapshot.
    using Visitor = std::function<bool(const Change&, std::string_view document)>;
    virtual Result<void> visit_published(Seq after, Seq until, const Visitor& visit) = 0;

    // Waits until the log has an entry with seq > after, or the timeout passes; returns the head's seq either way.
    // Sees writes of other processes too.
    virtual Seq wait_for_change(Seq after, std::chrono::milliseconds timeout) = 0;

    // The greatest seq that this object has written, or told anybody of: who looks at something that lags behind the
    // log (the index) knows by it whether somebody may have learnt of more. O(1), takes no lock.
    virtual Seq newest_seen() const = 0;
};

}  // namespace cvstroom::store
