#include "api/long_polls.hpp"

#include <vector>

namespace cvstroom::api {
namespace {

using std::chrono::steady_clock;

// How long one look at the log may take; deadlines and the end are noticed between looks.
constexpr std::chrono::milliseconds look{200};

// Under a stream of writes everybody would be woken for each of them, and come back. Waking in bursts bounds that.
constexpr std::chrono::milliseconds between_bursts{20};

}  // namespace

// Under the table's lock, all but `wake`, which stands from the beginning.
class LongPolls::Poll {
  public:
    Poll(store::Seq from, Time until, Wake call) : after(from), deadline(until), wake(std::move(call)) {}

    store::Seq after;
    const Time deadline;
    const Wake wake;
    bool is_given_up = false;  // the client has gone, or the server stops
};

LongPolls::LongPolls(store::Store& store, OnLook on_look)
    : store_(store), on_look_(std::move(on_look)), watcher_([this] { watch(); }) {}

LongPolls::~LongPolls() {
    is_stopping_ = true;
    watcher_.join();
}

std::size_t LongPolls::count() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

void LongPolls::wait(store::Seq after, std::chrono::milliseconds patience, http::Waiting* waiting, Wake wake) {
    const auto poll = std::make_shared<Poll>(after, steady_clock::now() + patience, std::move(wake));
    bool is_waiting = false;
    {
        const std::lock_guard lock(mutex_);
        is_waiting = seen_ <= after && !is_stopping_;
        if (is_waiting) waiting_.insert(poll);
    }
    // The connection must not keep the poll, which keeps the reply, which keeps the connection.
    if (waiting != nullptr) {
        waiting->on_give_up([this, known = std::weak_ptr(poll)](http::GivenUp reason) {
            if (const auto held = known.lock()) give_up(held, reason);
        });
    }
    if (!is_waiting) poll->wake(poll);
}

bool LongPolls::is_over(const Poll& poll) const {
    return poll.is_given_up || is_stopping_ || poll.deadline <= steady_clock::now();
}

bool LongPolls::may_wait_on(const PollPointer& poll) const {
    const std::lock_guard lock(mutex_);
    return !is_over(*poll);
}

bool LongPolls::wait_on(const PollPointer& poll, store::Seq after) {
    {
        const std::lock_guard lock(mutex_);
        if (is_over(*poll)) return false;
        poll->after = after;
        if (seen_ <= after) {
            waiting_.insert(poll);
            return true;
        }
    }
    poll->wake(poll);
    return true;
}

// Whoever takes a poll out of the table wakes it. One that is not in it is being answered.
void LongPolls::give_up(const PollPointer& poll, http::GivenUp reason) {
    {
        const std::lock_guard lock(mutex_);
        poll->is_given_up = true;
        if (waiting_.erase(poll) == 0) return;
    }
    if (reason == http::GivenUp::server_stops) poll->wake(poll);
}

void LongPolls::watch() {
    store::Seq seen = 0;
    while (!is_stopping_) {
        const auto now = store_.wait_for_change(seen, look);
        wake_due(now);
        if (on_look_) on_look_(now > seen ? Look::change : Look::quiet);
        if (now > seen) std::this_thread::sleep_for(between_bursts);
        seen = now;
    }
}

void LongPolls::wake_due(store::Seq seen) {
    std::vector<PollPointer> due;
    const auto now = steady_clock::now();
    {
        const std::lock_guard lock(mutex_);
        seen_ = seen;
        for (auto next = waiting_.begin(); next != waiting_.end();) {
            const bool is_due = (*next)->after < seen || (*next)->deadline <= now;
            if (!is_due) {
                ++next;
                continue;
            }
            due.push_back(*next);
            next = waiting_.erase(next);
        }
    }
    for (const auto& poll : due) poll->wake(poll);
}

}  // namespace cvstroom::api
