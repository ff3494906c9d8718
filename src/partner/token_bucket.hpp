// How many requests may pass: a token bucket, without a lock.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace cvstroom::partner {

// `quota` tokens, that come back evenly over `window`. Kept as one number, the instant at which the bucket will be full
// again (the generic cell rate algorithm, ITU-T I.371), so that taking a token is one compare-and-swap: exact with any
// number of threads. The clock is the steady one: turning the wall clock changes nothing. Thread-safe.
class TokenBucket {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Nanoseconds = std::chrono::nanoseconds;

    // Pre: quota > 0, window / quota at least a nanosecond.
    TokenBucket(std::uint64_t quota, Nanoseconds window)
        : quota_(quota), window_(window), interval_(window.count() / static_cast<std::int64_t>(quota)) {}

    struct Outcome {
        bool is_taken = false;
        std::uint64_t remaining = 0;  // whole tokens that are left
        Nanoseconds until_full{};     // when all of them are back
        Nanoseconds until_next{};     // when there is one to take; zero unless none is left
    };

    // Takes a token if there is one.
    Outcome take(Time now) {
        const std::int64_t at = now.time_since_epoch().count();
        std::int64_t full = full_at_.load(std::memory_order_relaxed);
        for (;;) {
            const std::int64_t next = (full > at ? full : at) + interval_;
            if (next - at > capacity()) return {false, 0, Nanoseconds(full - at), Nanoseconds(next - at - capacity())};
            if (full_at_.compare_exchange_weak(full, next, std::memory_order_relaxed)) {
                const std::int64_t free = capacity() - (next - at);
                return {true, static_cast<std::uint64_t>(free / interval_), Nanoseconds(next - at),
                        Nanoseconds(free < interval_ ? interval_ - free : 0)};
            }
        }
    }
    // How long until there is a token to take; zero when there is one.
    Nanoseconds until_token(Time now) const {
        const std::int64_t at = now.time_since_epoch().count();
        const std::int64_t full = full_at_.load(std::memory_order_relaxed);
        const std::int64_t missing = (full > at ? full : at) + interval_ - at - capacity();
        return Nanoseconds(missing > 0 ? missing : 0);
    }
    // Puts a token back that was taken for nothing.
    void give_back() { full_at_.fetch_sub(interval_, std::memory_order_relaxed); }

    std::uint64_t quota() const { return quota_; }
    Nanoseconds window() const { return window_; }

  private:
    std::int64_t capacity() const { return interval_ * static_cast<std::int64_t>(quota_); }

    const std::uint64_t quota_;
    const Nanoseconds window_;
    const std::int64_t interval_;           // between two tokens, in nanoseconds
    std::atomic<std::int64_t> full_at_{0};  // on the steady clock
};

}  // namespace cvstroom::partner
