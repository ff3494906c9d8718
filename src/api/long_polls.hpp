// Clients that wait for a change (`wacht`, SPEC 5). A waiting client is an entry in a table: no thread, no timer, no
// look at the store.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "http/message.hpp"
#include "store/store.hpp"

namespace cvstroom::api {

// Thread-safe.
class LongPolls {
  public:
    // `store` must outlive it.
    explicit LongPolls(store::Store& store);
    ~LongPolls();
    LongPolls(const LongPolls&) = delete;
    LongPolls& operator=(const LongPolls&) = delete;

    // Calls `wake` once, from any thread: when the log has an entry after `after`, when `patience` is over (a quarter
    // of a second late at most), or when the server stops. Never when the client goes first: then it is forgotten.
    using Wake = std::function<void()>;
    void wait(store::Seq after, std::chrono::milliseconds patience, http::Waiting* waiting, Wake wake);

    std::size_t count() const;

  private:
    using Time = std::chrono::steady_clock::time_point;
    using Id = std::uint64_t;
    struct Entry {
        store::Seq after;
        Time deadline;
        Wake wake;
    };

    void watch();
    void wake_due(store::Seq seen);
    void give_up(Id id, http::GivenUp reason);

    store::Store& store_;
    mutable std::mutex mutex_;
    std::map<Id, Entry> entries_;
    Id last_id_ = 0;
    store::Seq seen_ = 0;
    std::atomic<bool> is_stopping_ = false;
    std::thread watcher_;
};

}  // namespace cvstroom::api
