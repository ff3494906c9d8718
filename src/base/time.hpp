// Instants (UTC, microseconds) and calendar dates, read and written as on the wire.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cvstroom {

// A point on the change log's time axis: microseconds since 1970-01-01T00:00:00Z.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Date = std::chrono::year_month_day;

// "2026-02-13T12:00:00.000000Z": always UTC, always six decimals, so that text order is time order.
std::string format_instant(Instant instant);

// Reads ISO 8601 with seconds, up to six decimals, and a mandatory zone ("Z", "+02:00").
// A time without a zone is refused: guessing one lost other systems' records (pitfalls 29, 30).
Result<Instant> parse_instant(std::string_view text);

// "2022-07-27".
std::string format_date(Date date);
Result<Date> parse_date(std::string_view text);

// "Tue, 15 Nov 1994 08:12:31 GMT" (RFC 9110 §5.6.7), whole seconds.
std::string format_http_date(Instant instant);

// Where "now" comes from; handed in, so that tests can turn the clock back.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
  public:
    Instant now() const override;
};

}  // namespace cvstroom
