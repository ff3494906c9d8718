// The mirror: keeps a partner's copy equal to a CV API.
//
//                    the API names the position that the listing ends at, and the feed begins there (pitfalls 22, 23)
//                 ┌───────────────────────────────────────────────────────────────────────────────┐
//   fresh ──► listing ──(end marker seen, every entry counted: sweep, in the same transaction)──► following ─┐
//     ▲          │                                                                                │    ▲    │ changes
//     └──────────┴──────── the cursor is gone (410): the copy stays as it is until the new listing is └────┘
//                          complete (pitfalls 17 to 21)
//
// Invariants:
//   * The cursor moves only to a position that the API gave, in the transaction that stores what lies before it; this
//     machine's clock plays no part (pitfalls 18, 31).
//   * A row is replaced by a newer version only, and removed by its removal or by a complete listing that lacks it
//     (pitfalls 19, 21, 32).
//   * An answer that does not move the cursor is an error, an empty one is none (pitfalls 17, 26).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "mirror/batch_builder.hpp"
#include "mirror/cv_api.hpp"
#include "mirror/observer.hpp"
#include "mirror/receipts.hpp"
#include "mirror/sink.hpp"
#include "mirror/stream_reader.hpp"

namespace cvstroom::mirror {

struct MirrorOptions {
    bool follows = false;               // go on after the first pass, until stopped
    std::chrono::seconds interval{10};  // between looks, where the API cannot wait for a change by itself
    std::chrono::seconds wait{30};      // `wacht`: how long the API may wait (at most 60)
    bool may_stream = true;             // use NDJSON streams where the API has them
    bool confirms = true;               // send receipts where the API takes them
};

// One thread. All references must outlive it.
class Mirror {
  public:
    Mirror(CvApi& api, Sink& sink, Observer& observer, MirrorOptions options)
        : api_(api), sink_(sink), observer_(observer), options_(options), receipts_(api, sink, observer) {}

    // One pass: until the copy holds all that the API had when it was asked. With `follows`: until stopped, which is no
    // error then. Errors leave the copy at its last commit; the next run goes on from there:
    // `refused` (key, certificate, rights), `conflict` (the copy is of another API), `unavailable`, `io`, `corrupt`.
    Result<void> run();

  private:
    Result<void> open();
    // One step of the phase in question; `true`: there is nothing more to do now.
    Result<bool> step();
    Result<void> begin_listing();
    Result<bool> list();
    Result<bool> follow();
    Result<void> ask_unresolved();
    Result<void> ask_unresolved_now_and_then();

    // mirror_stream.cpp: the rest of the window that the cursor stands in, as one stream. Nothing: the API has no
    // streams.
    Result<std::optional<bool>> stream();
    struct StreamState;
    HttpRequest stream_request(bool waits) const;
    Result<void> take_line(StreamLine line, StreamState& stream);
    Result<void> take_end(const StreamEnd& end, StreamState& stream);
    Result<void> distrust_what_came(const Error& error);

    Result<FeedPage> next_page(bool waits);
    Result<void> check_progress(const FeedPage& page);
    Result<void> gather(const FeedPage& page, BatchBuilder& batch);
    Result<void> fetch(std::span<const CvApi::Wanted> wanted, const FeedPage* page, BatchBuilder& batch);
    Result<void> commit(Batch batch);
    void note_history(const std::string& epoch);
    Result<void> finish_listing();
    // Whether the window was asked for by this run, so that nothing older than its begin is missing now.
    bool note_end_of_window();
    bool is_stopped() const { return api_.caller().http().is_stopped(); }

    CvApi& api_;
    Sink& sink_;
    Observer& observer_;
    MirrorOptions options_;
    Receipts receipts_;
    State state_;
    bool can_wait_ = true;
    bool can_stream_ = options_.may_stream;
    unsigned listings_in_vain_ = 0;
    bool has_ended_a_window_ = false;
    std::chrono::steady_clock::time_point unresolved_asked_{};
};

// The copy's state; `conflict` when it is a copy of another API or profile.
Result<State> open_state(Sink& sink, const std::string& source, const std::string& profile);

// What this machine's clock says, as on the wire; for people only.
std::string present_moment();

}  // namespace cvstroom::mirror
