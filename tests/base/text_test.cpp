#include "base/text.hpp"

#include <gtest/gtest.h>

namespace cvstroom {
namespace {

TEST(Text, SplitsKeepsEmptyPartsAndTrims) {
    EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
    EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
    EXPECT_EQ(trim(" \tx y\t "), "x y");
    EXPECT_EQ(trim("  "), "");
}

TEST(Text, ReadsUnsignedNumbersWhole) {
    EXPECT_EQ(parse_unsigned("18446744073709551615"), 18446744073709551615U);
    for (const char* text : {"", "-1", "+1", "1x", " 1", "18446744073709551616", "0x10"}) {
        EXPECT_FALSE(parse_unsigned(text)) << text;
    }
}

TEST(Text, ComparesAsciiIgnoringCase) {
    EXPECT_TRUE(equal_ignoring_case("X-IBM-Client-Id", "x-ibm-client-id"));
    EXPECT_FALSE(equal_ignoring_case("abc", "abcd"));
    EXPECT_FALSE(equal_ignoring_case("[", "{"));
}

TEST(Text, KnowsUtf8) {
    EXPECT_TRUE(is_valid_utf8("Français €"));
    for (const char* text : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "a\x80", "\xE2\x82"}) {
        EXPECT_FALSE(is_valid_utf8(text));
    }
}

TEST(Text, CountsEdits) {
    EXPECT_EQ(edit_distance("studies", "studie", 3), 1U);
    EXPECT_EQ(edit_distance("", "abc", 3), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting", 5), 3U);
    EXPECT_EQ(edit_distance("abcdef", "uvwxyz", 2), 3U) << "more than the limit is the limit and one";
}

}  // namespace
}  // namespace cvstroom
