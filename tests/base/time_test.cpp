#include "base/time.hpp"

#include <gtest/gtest.h>

namespace cvstroom {
namespace {

TEST(Instant, IsWrittenInUtcWithMicroseconds) {
    const auto instant = parse_instant("2026-02-13T12:00:00.000001+02:00");
    ASSERT_TRUE(instant);
    EXPECT_EQ(format_instant(*instant), "2026-02-13T10:00:00.000001Z");
}

TEST(Instant, ComesBackAsWritten) {
    for (const char* text :
         {"1970-01-01T00:00:00.000000Z", "2024-02-29T23:59:59.999999Z", "1969-12-31T23:59:59.000001Z"}) {
        const auto instant = parse_instant(text);
        ASSERT_TRUE(instant) << text;
        EXPECT_EQ(format_instant(*instant), text);
    }
}

// Pitfalls 29 and 30: a time without a zone was read in somebody's local time.
TEST(Instant, NeedsAZoneAndAWholeForm) {
    for (const char* text :
         {"2026-02-13T12:00:00", "2026-02-13", "2026-02-13T12:00Z", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
          "2026-02-13T24:00:00Z", "2026-02-13T12:60:00Z", "2026-02-13T12:00:61Z", "2026-02-13 12:00:00Z",
          "2026-02-13T12:00:00.Z", "2026-02-13T12:00:00.1234567Z", "2026-02-13T12:00:00Zx", "", "Z",
          "2026-02-13T12:00:00+0200", "2026-02-13T12:00:00+25:00"}) {
        EXPECT_FALSE(parse_instant(text)) << text;
    }
}

// The hour that a change to winter time repeats: the zone tells the two apart.
TEST(Instant, TellsTheRepeatedHourOfADaylightSavingDayApart) {
    const auto summer = parse_instant("2026-10-25T02:30:00+02:00");
    const auto winter = parse_instant("2026-10-25T02:30:00+01:00");
    ASSERT_TRUE(summer && winter);
    EXPECT_EQ(*winter - *summer, std::chrono::hours{1});
}

TEST(Date, IsReadStrictly) {
    ASSERT_TRUE(parse_date("2022-07-27"));
    EXPECT_EQ(format_date(*parse_date("2022-07-27")), "2022-07-27");
    for (const char* text : {"2022-7-27", "2022-02-29", "27-07-2022", "2022-07-27T00:00:00Z", "", "2022-00-01"}) {
        EXPECT_FALSE(parse_date(text)) << text;
    }
}

TEST(HttpDate, HasTheFormOfRfc9110) {
    EXPECT_EQ(format_http_date(*parse_instant("1994-11-15T08:12:31.987654Z")), "Tue, 15 Nov 1994 08:12:31 GMT");
}

}  // namespace
}  // namespace cvstroom
