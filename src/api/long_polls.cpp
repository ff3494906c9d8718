#include "api/long_polls.hpp"

namespace cvstroom::api {
namespace {

using std::chrono::steady_clock;

// How long one look at the log may take; deadlines and the end are noticed between looks.
constexpr std::chrono::milliseconds look{200};

// Under a stream of writes everybody would be woken for each of them, and come back. Waking in bursts bounds that.
constexpr std::chrono::milliseconds between_bursts{20};

}  // namespace

LongPolls::LongPolls(store::Store& store) : store_(store), watcher_([this] { watch(); }) {}

LongPolls::~LongPolls() {
    is_stopping_ = true;
    watcher_.join();
}

std::size_t LongPolls::count() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

void LongPolls::wait(store::Seq after, std::chrono::milliseconds patience, http::Waiting* waiting, Wake wake) {
    Id id = 0;
    {
        const std::lock_guard lock(mutex_);
        if (seen_ <= after && !is_stopping_) {
            id = ++last_id_;
            entries_.emplace(id, Entry{after, steady_clock::now() + patience, std::move(wake)});
        }
    }
    if (id == 0) return wake();
    if (waiting != nullptr) waiting->on_give_up([this, id](http::GivenUp reason) { give_up(id, reason); });
}

// Whoever takes an entry out of the table wakes it, so each is woken once.
void LongPolls::give_up(Id id, http::GivenUp reason) {
    Wake wake;
    {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(id);
        if (found == entries_.end()) return;
        wake = std::move(found->second.wake);
        entries_.erase(found);
    }
    if (reason == http::GivenUp::server_stops) wake();
}

void LongPolls::watch() {
    store::Seq seen = 0;
    while (!is_stopping_) {
        const auto now = store_.wait_for_change(seen, look);
        wake_due(now);
        if (now > seen) std::this_thread::sleep_for(between_bursts);
        seen = now;
    }
}

void LongPolls::wake_due(store::Seq seen) {
    std::vector<Wake> due;
    const auto now = steady_clock::now();
    {
        const std::lock_guard lock(mutex_);
        seen_ = seen;
        for (auto next = entries_.begin(); next != entries_.end();) {
            const bool is_due = next->second.after < seen || next->second.deadline <= now;
            if (!is_due) {
                ++next;
                continue;
            }
            due.push_back(std::move(next->second.wake));
            next = entries_.erase(next);
        }
    }
    for (const auto& wake : due) wake();
}

}  // namespace cvstroom::api
