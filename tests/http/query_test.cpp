#include "http/query.hpp"

#include <gtest/gtest.h>

namespace cvstroom::http {
namespace {

std::string joined(const std::vector<Parameter>& parameters) {
    std::string text;
    for (const auto& [name, value] : parameters) text += "<" + name + "|" + value + ">";
    return text;
}

TEST(Query, ReadsParametersInOrder) {
    const std::vector<std::pair<std::string_view, std::string_view>> table = {
        {"", ""},
        {"a=1", "<a|1>"},
        {"a=1&b=2&a=3", "<a|1><b|2><a|3>"},
        {"a=", "<a|>"},
        {"a==", "<a|=>"},
        {"a=b=c", "<a|b=c>"},
        {"a=1+2", "<a|1 2>"},
        {"a=1%2B2", "<a|1+2>"},
        {"%61%3d=%26", "<a=|&>"},
        {"a=%C3%A9", "<a|\xC3\xA9>"},
        {"a=\xC3\xA9", "<a|\xC3\xA9>"},
        {"a=?/:@,;", "<a|?/:@,;>"},
        {"a=%25zz", "<a|%zz>"},
        {"a=%0A", "<a|\n>"},
        {"+=+", "< | >"},
    };
    for (const auto& [query, expected] : table) {
        const auto parameters = parse_query(query);
        ASSERT_TRUE(parameters) << query;
        EXPECT_EQ(joined(*parameters), expected) << query;
    }
}

TEST(Query, NamesTheParameterThatIsBroken) {
    const std::vector<std::pair<std::string_view, std::string_view>> table = {
        {"a", "a"},
        {"a=1&b", "b"},
        {"=1", ""},
        {"&", ""},
        {"a=1&", ""},
        {"a=1&&b=2", ""},
        {"a=%", "a"},
        {"a=%4", "a"},
        {"a=%zz", "a"},
        {"a=%4g", "a"},
        {"%=1", "%"},
        {"a=%00", "a"},
        {"a%00=1", "a%00"},
        {"a=%FF", "a"},
        {"a=%C3", "a"},
        {"a=%C0%80", "a"},
        {"a=%ED%A0%80", "a"},
        {"\xFF=1", ""},
        {"b%C3%A9=%", "b\xC3\xA9"},
    };
    for (const auto& [query, where] : table) {
        const auto parameters = parse_query(query);
        ASSERT_FALSE(parameters) << query;
        EXPECT_EQ(parameters.error().code, ErrorCode::invalid_input) << query;
        EXPECT_EQ(parameters.error().where, where) << query;
        EXPECT_FALSE(parameters.error().message.empty()) << query;
    }
}

TEST(Query, EncodesWhatAQueryCannotCarry) {
    EXPECT_EQ(encode_query_value("2026-02-13T12:00:00Z"), "2026-02-13T12:00:00Z");
    EXPECT_EQ(encode_query_value("N:3,a/b~._"), "N:3,a/b~._");
    EXPECT_EQ(encode_query_value("a b+c&d=e%"), "a%20b%2Bc%26d%3De%25");
    EXPECT_EQ(encode_query_value("\xC3\xA9\n"), "%C3%A9%0A");
    EXPECT_EQ(encode_query_value(""), "");
}

TEST(Query, ReadsBackWhatItWrites) {
    std::string every_ascii;
    for (char c = 1; c < 127; ++c) every_ascii.push_back(c);
    const auto parameters = parse_query("x=" + encode_query_value(every_ascii));
    ASSERT_TRUE(parameters);
    EXPECT_EQ(parameters->at(0).value, every_ascii);
}

}  // namespace
}  // namespace cvstroom::http
