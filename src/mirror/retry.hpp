// When to ask again. Pure arithmetic, without clock or sleep.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string_view>

namespace cvstroom::mirror {

using Milliseconds = std::chrono::milliseconds;

struct RetryPolicy {
    Milliseconds first{250};  // the ceiling of the first wait
    Milliseconds longest{60'000};
    unsigned attempts = 8;  // of one call before it counts as failed; a mirror that follows begins again after that
};

// A wait between nothing and a ceiling that doubles with every attempt ("full jitter"): many partners that failed
// together do not come back together. `attempt` counts from 1.
class Backoff {
  public:
    explicit Backoff(RetryPolicy policy, std::uint64_t seed = std::random_device{}())
        : policy_(policy), random_(seed) {}
    Milliseconds wait(unsigned attempt);

  private:
    RetryPolicy policy_;
    std::mt19937_64 random_;
};

// What Retry-After asks for (RFC 9110 §10.2.3): seconds, or a date, which is held against the answer's own Date so that
// the two machines' clocks need not agree. Nothing when it is absent or says nothing that can be read.
std::optional<Milliseconds> parse_retry_after(std::string_view retry_after, std::string_view date);

// "Tue, 15 Nov 1994 08:12:31 GMT" in seconds since 1970 (RFC 9110 §5.6.7).
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

}  // namespace cvstroom::mirror
