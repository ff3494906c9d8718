// A clock that stands still until it is set.
#pragma once

#include <atomic>

#include "base/time.hpp"

namespace cvstroom::test {

class FakeClock final : public Clock {
  public:
    explicit FakeClock(Instant start = Instant{std::chrono::hours{500'000}}) : now_(start.time_since_epoch().count()) {}

    Instant now() const override { return Instant{std::chrono::microseconds{now_.load()}}; }
    void advance(std::chrono::microseconds by) { now_ += by.count(); }

  private:
    std::atomic<std::int64_t> now_;
};

}  // namespace cvstroom::test
