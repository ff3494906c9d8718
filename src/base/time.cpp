#include "base/time.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>

namespace cvstroom {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Reads exactly `width` digits at the front of `text` and removes them.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
    if (text.size() < width) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(width);
    return value;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Date> take_date(std::string_view& text) {
    const auto year = take_digits(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_digits(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_digits(text, 2);
    if (!day) return std::nullopt;
    const Date date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                    std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return date;
}

std::optional<microseconds> take_fraction(std::string_view& text) {
    std::int64_t value = 0;
    std::size_t count = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (++count > 6) return std::nullopt;
        value = value * 10 + (text.front() - '0');
        text.remove_prefix(1);
    }
    if (count == 0) return std::nullopt;
    for (; count < 6; ++count) value *= 10;
    return microseconds{value};
}

std::optional<microseconds> take_time_of_day(std::string_view& text) {
    const auto hour = take_digits(text, 2);
    if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
    const auto second = take_digits(text, 2);
    if (!second || *second > 59) return std::nullopt;
    microseconds time = hours{*hour} + minutes{*minute} + seconds{*second};
    if (take(text, '.')) {
        const auto fraction = take_fraction(text);
        if (!fraction) return std::nullopt;
        time += *fraction;
    }
    return time;
}

std::optional<minutes> take_zone(std::string_view& text) {
    if (take(text, 'Z')) return minutes{0};
    const bool behind = !text.empty() && text.front() == '-';
    if (!behind && (text.empty() || text.front() != '+')) return std::nullopt;
    text.remove_prefix(1);
    const auto hour = take_digits(text, 2);
    if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || *minute > 59) return std::nullopt;
    const minutes offset = hours{*hour} + minutes{*minute};
    return behind ? -offset : offset;
}

tl::unexpected<Error> bad_instant(std::string_view text) {
    return fail(ErrorCode::invalid_input, fmt::format("'{}' is not an ISO 8601 instant with a zone, such as "
                                                      "2026-02-13T12:00:00.000Z",
                                                      text.substr(0, 64)));
}

}  // namespace

std::string format_instant(Instant instant) {
    const auto day = std::chrono::floor<days>(instant);
    const Date date{day};
    const std::chrono::hh_mm_ss time{instant - day};
    return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z"), static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

Result<Instant> parse_instant(std::string_view text) {
    std::string_view rest = text;
    const auto date = take_date(rest);
    if (!date || !take(rest, 'T')) return bad_instant(text);
    const auto time = take_time_of_day(rest);
    if (!time) return bad_instant(text);
    const auto zone = take_zone(rest);
    if (!zone || !rest.empty()) return bad_instant(text);
    return Instant{std::chrono::sys_days{*date}} + *time - *zone;
}

std::string format_date(Date date) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

Result<Date> parse_date(std::string_view text) {
    std::string_view rest = text;
    const auto date = take_date(rest);
    if (!date || !rest.empty()) {
        return fail(ErrorCode::invalid_input, fmt::format("'{}' is not a date such as 2022-07-27", text.substr(0, 64)));
    }
    return *date;
}

std::string format_http_date(Instant instant) {
    static constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<days>(instant);
    const Date date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<seconds>(instant - day)};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", weekdays[std::chrono::weekday{day}.c_encoding()],
                       static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

Instant SystemClock::now() const {
    return std::chrono::floor<microseconds>(std::chrono::system_clock::now());
}

}  // namespace cvstroom
