// The limits of one partner on one product, and what it used of them (SPEC 1).
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "partner/token_bucket.hpp"

namespace cvstroom::partner {

// What the RateLimit fields say (draft-ietf-httpapi-ratelimit-headers-11), and Retry-After.
struct Allowance {
    bool is_granted = false;
    std::uint64_t minute_remaining = 0;
    std::uint64_t day_remaining = 0;
    std::uint64_t minute_reset = 0;  // seconds until all of it is back
    std::uint64_t day_reset = 0;
    std::uint64_t retry_after = 0;   // seconds; only when not granted, at least 1
    std::uint64_t broken_limit = 0;  // the quota that is used up; only when not granted
    bool is_day_broken = false;      // it is the day's
};

// How many calls of a partner may fail by its own doing (400 to 499) in a minute: enough for a client that is being
// built, too few to try ids one by one. Apart from its other limits, which a scan would stay under.
inline constexpr std::uint64_t failures_per_minute = 600;

// In memory, of this node: two nodes grant twice as much, and a restart starts anew. Thread-safe, without a lock.
class Quota {
  public:
    Quota(std::uint64_t per_minute, std::uint64_t per_day)
        : minute_(per_minute, std::chrono::minutes{1}), day_(per_day, std::chrono::hours{24}) {}

    // Counts one request. One that is refused uses up nothing.
    Allowance take(TokenBucket::Time now);

    std::uint64_t per_minute() const { return minute_.quota(); }
    std::uint64_t per_day() const { return day_.quota(); }

    // Since the last call.
    std::uint64_t take_served() { return served_.exchange(0, std::memory_order_relaxed); }
    std::uint64_t take_refused() { return refused_.exchange(0, std::memory_order_relaxed); }
    // For a count that could not be written down.
    void put_back(std::uint64_t served, std::uint64_t refused) {
        served_.fetch_add(served, std::memory_order_relaxed);
        refused_.fetch_add(refused, std::memory_order_relaxed);
    }

  private:
    TokenBucket minute_;
    TokenBucket day_;
    std::atomic<std::uint64_t> served_{0};
    std::atomic<std::uint64_t> refused_{0};
};

// "\"minuut\";q=2000;w=60, \"dag\";q=1000000;w=86400"
std::string policy_field(const Quota& quota);
// "\"minuut\";r=1987;t=31, \"dag\";r=998000;t=173"
std::string limit_field(const Allowance& allowance);

}  // namespace cvstroom::partner
