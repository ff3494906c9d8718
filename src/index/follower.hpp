// Keeps the index in step with the store's change log: starts from what was saved, or rebuilds, then follows (DESIGN 3
// and 5), merges in the background, and saves.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/result.hpp"
#include "index/index.hpp"
#include "index/saved_index.hpp"
#include "reference/current_lists.hpp"
#include "store/store.hpp"

namespace cvstroom::index {

// When the background work is done. Tests shorten the times.
struct FollowerTimes {
    // At least this long from one batch of changes to the next, so that a batch costs little beside what it brings; the
    // first change after a quiet time is applied at once.
    std::chrono::milliseconds between_batches{50};
    // What changed is saved this long after the last save. A restart replays what came since.
    std::chrono::milliseconds between_saves{std::chrono::seconds{30}};
    // What stands of an erased CV in segments and saved files is rewritten at the latest after this.
    std::chrono::milliseconds erased_kept{std::chrono::minutes{10}};
};

class Follower {
  public:
    // All must outlive the follower; `saved` may be null: then nothing is saved.
    Follower(store::Store& store, Index& index, const reference::CurrentLists& lists, SavedIndex* saved = nullptr,
             FollowerTimes times = {});
    ~Follower();

    // `progress` (may be empty) gets the number of CVs done and their total, on the calling thread.
    using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

    // Loads what was saved and applies the rest of the log; rebuilds when there is nothing, or when anything is wrong
    // with it, and then says in the log what. Call once, before start(), on a new index.
    Result<void> open(const Progress& progress);

    // Loads what was saved and applies the rest of the log; an error says why it cannot be used, and then nothing is
    // loaded. not_found: there is none. Otherwise as open().
    Result<void> open_saved();

    // Builds the index from everything that is published, on all cores. Call before start().
    Result<void> rebuild(const Progress& progress);

    void start();
    void stop();  // idempotent; saves

    // Waits until the entry has been applied; false when the timeout passes first.
    bool wait_until_applied(store::Seq seq, std::chrono::milliseconds timeout);

    // Removes what stands of erased CVs in segments and in saved files, now (a saved index that is not kept up to date
    // any more, because code lists were replaced, is deleted); does not wait for the change log: see
    // wait_until_applied(). Seconds for a million CVs. Any thread.
    Result<void> purge();

  private:
    using Time = std::chrono::steady_clock::time_point;

    Result<void> forget_saved();
    Result<void> catch_up();
    void follow();
    void work_in_background();
    void wait_for_work();
    void purge_when_due();
    void save_when_due();
    Result<void> save();
    Result<void> apply_next();

    store::Store& store_;
    Index& index_;
    const reference::CurrentLists& lists_;
    SavedIndex* saved_;
    const FollowerTimes times_;
    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    std::condition_variable applied_;      // and stop
    std::condition_variable work_is_due_;  // and stop
    bool may_merge_ = false;
    // What the whole index was made with. Once a provider has put other lists in place, the index is of two makes: it
    // is not saved any more, and the next start builds it anew.
    std::uint64_t fingerprint_ = 0;
    std::atomic<store::Seq> saved_watermark_ = 0;
    Time saved_at_ = std::chrono::steady_clock::now();
    std::optional<Time> erased_since_;  // when the background thread first saw what is to be purged
    std::thread follower_;
    std::thread worker_;
};

}  // namespace cvstroom::index
