// Clients that wait for a change (`wacht`, SPEC 5). A waiting client is an entry in a table: no thread, no timer, no
// look at the store.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_set>

#include "http/message.hpp"
#include "store/store.hpp"

namespace cvstroom::api {

// Thread-safe.
class LongPolls {
  public:
    // What the thread that watches saw: a change, or none for a moment.
    enum class Look { change, quiet };
    using OnLook = std::function<void(Look)>;
    // `store` must outlive it. `on_look` is called by that thread after every look, so at least four times a second
    // whatever happens; it must be quick.
    explicit LongPolls(store::Store& store, OnLook on_look = {});
    ~LongPolls();
    LongPolls(const LongPolls&) = delete;
    LongPolls& operator=(const LongPolls&) = delete;

    // One client that waits. Shared by the table and by whoever looks for its answer.
    class Poll;
    using PollPointer = std::shared_ptr<Poll>;

    // Calls `wake`, from any thread: when the log has an entry after `after`, when `patience` is over (a quarter of a
    // second late at most), or when the server stops. Never when the client goes first: then it is forgotten. `wake` is
    // called again only after wait_on().
    using Wake = std::function<void(const PollPointer&)>;
    void wait(store::Seq after, std::chrono::milliseconds patience, http::Waiting* waiting, Wake wake);

    // For who was woken and has nothing to say yet: waits for an entry after `after`, for what is left of the patience.
    // False when there is none left, the client has gone or the server stops: then it is time to answer.
    bool wait_on(const PollPointer& poll, store::Seq after);
    // Could wait_on() be true?
    bool may_wait_on(const PollPointer& poll) const;

    std::size_t count() const;

  private:
    using Time = std::chrono::steady_clock::time_point;

    void watch();
    void wake_due(store::Seq seen);
    void give_up(const PollPointer& poll, http::GivenUp reason);
    bool is_over(const Poll& poll) const;

    store::Store& store_;
    const OnLook on_look_;
    mutable std::mutex mutex_;
    std::unordered_set<PollPointer> waiting_;
    store::Seq seen_ = 0;
    std::atomic<bool> is_stopping_ = false;
    std::thread watcher_;
};

}  // namespace cvstroom::api
