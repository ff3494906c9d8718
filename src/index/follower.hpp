// Keeps the index in step with the store's change log: rebuilds it at start, then follows (DESIGN 3 and 5).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/result.hpp"
#include "index/index.hpp"
#include "reference/current_lists.hpp"
#include "store/store.hpp"

namespace cvstroom::index {

class Follower {
  public:
    // All three must outlive the follower.
    Follower(store::Store& store, Index& index, const reference::CurrentLists& lists);
    ~Follower();

    // Builds the index from everything that is published, on all cores. Call once, before start().
    // `progress` (may be empty) gets the number of CVs done and their total, on the calling thread.
    using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;
    Result<void> rebuild(const Progress& progress);

    void start();
    void stop();  // idempotent

    // Waits until the entry has been applied; false when the timeout passes first.
    bool wait_until_applied(store::Seq seq, std::chrono::milliseconds timeout);

  private:
    void follow();
    void merge_in_background();
    Result<void> apply_next();

    store::Store& store_;
    Index& index_;
    const reference::CurrentLists& lists_;
    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    std::condition_variable applied_;       // and stop
    std::condition_variable merge_is_due_;  // and stop
    bool may_merge_ = false;
    std::thread follower_;
    std::thread merger_;
};

}  // namespace cvstroom::index
