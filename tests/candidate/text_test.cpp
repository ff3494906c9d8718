// What is refused before a single member is read: texts that are no JSON, no UTF-8, too large or too deep.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/candidate/documents.hpp"

namespace cvstroom::candidate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The message of a fault of the whole document, and of no other.
std::string refusal(std::string_view json, ParseLimits limits = {}) {
    const auto faults = faults_in(json, limits);
    if (faults.size() != 1 || !faults[0].pointer.empty()) return "not refused as a whole";
    return faults[0].message;
}

TEST(Text, WhatIsNoJsonIsRefused) {
    const std::string right = document_with("");
    for (const std::string& json : {std::string("nul"),
                                    std::string("{"),
                                    std::string("{]"),
                                    right + "x",
                                    right + right,
                                    right + ",",
                                    right + std::string(1, '\0'),
                                    document_with("\"x\":01"),
                                    document_with("\"x\":1."),
                                    document_with("\"x\":.5"),
                                    document_with("\"x\":+1"),
                                    document_with("\"x\":NaN"),
                                    document_with("\"x\":'a'"),
                                    document_with("\"x\":[1,]"),
                                    document_with("x:1"),
                                    document_with("\"x\":\"a\nb\""),
                                    document_with(R"("x":"\q")"),
                                    document_with(R"("x":"\ud800")"),
                                    document_with(R"("x":"\udc00\ud800")"),
                                    document_with("\"x\":tru"),
                                    document_with("/* */\"x\":1")}) {
        EXPECT_NE(refusal(json), "not refused as a whole") << json;
    }
}

TEST(Text, SpaceAroundADocumentIsNoContent) {
    EXPECT_TRUE(parse(" \r\n\t" + document_with("") + "\n \n"));
}

TEST(Text, ADocumentIsAnObject) {
    for (const std::string_view json : {"[]", "\"x\"", "1", "null", "true", "[{}]"}) {
        EXPECT_THAT(refusal(json), HasSubstr("must be an object")) << json;
    }
}

TEST(Text, RefusalsSayWhatToDo) {
    EXPECT_THAT(refusal(""), HasSubstr("is empty"));
    EXPECT_THAT(refusal(" \n"), HasSubstr("is empty"));
    EXPECT_THAT(refusal("\xEF\xBB\xBF" + document_with("")), HasSubstr("byte order mark"));
    EXPECT_THAT(refusal(document_with("\"x\":18446744073709551616")), HasSubstr("64 bits"));
    EXPECT_THAT(refusal(document_with("\"x\":1e400")), HasSubstr("64 bits"));
    EXPECT_THAT(refusal(document_with("") + "1"), HasSubstr("nothing after it"));
}

TEST(Text, InvalidUtf8IsRefusedWhereverItStands) {
    for (const std::string_view bytes : {"\xFF", "\xC0\xAF", "\xC3", "\xE2\x82", "\x80", "\xED\xA0\x80",
                                         "\xF4\x90\x80\x80", "\xF0\x80\x80\xAF", "\xE0\x80\xAF", "\xFE\xFF"}) {
        const std::string text(bytes);
        EXPECT_THAT(refusal(document_with("\"x\":\"" + text + "\"")), HasSubstr("UTF-8"));
        EXPECT_THAT(refusal(document_with("\"" + text + "\":1")), HasSubstr("UTF-8"));
        EXPECT_THAT(refusal(document_with("") + text), HasSubstr("UTF-8"));
    }
}

TEST(Text, SizeIsLimited) {
    const std::string json = document_with("");
    ParseLimits limits;
    limits.bytes = json.size();
    EXPECT_TRUE(parse(json, limits));
    --limits.bytes;
    EXPECT_THAT(refusal(json, limits), HasSubstr("at most"));
}

std::string nested(std::size_t levels, std::string_view inmost) {
    return document_with("\"x\":" + std::string(levels, '[') + std::string(inmost) + std::string(levels, ']'));
}

// The document itself is the first level.
TEST(Text, DepthIsLimited) {
    EXPECT_TRUE(parse(nested(31, "1")));
    EXPECT_TRUE(parse(nested(31, "")));
    EXPECT_TRUE(parse(nested(30, "{}")));
    EXPECT_THAT(refusal(nested(32, "1")), HasSubstr("too deep"));
    EXPECT_THAT(refusal(nested(10'000, "")), HasSubstr("too deep"));
    std::string pointer = "/x";
    for (int i = 0; i < 31; ++i) pointer += "/0";
    EXPECT_THAT(pointers_in(nested(32, "")), ElementsAre(pointer));
    EXPECT_THAT(pointers_in(nested(31, "{}")), ElementsAre(pointer));
}

TEST(Text, AParserForgetsTheDocumentBefore) {
    const SmallCodeBook codes;
    Parser parser(codes);
    EXPECT_FALSE(parser.parse(document_with(R"("iklId":-1)")));
    EXPECT_FALSE(parser.parse("{"));
    EXPECT_TRUE(parser.parse(document_with(R"("x":")" + std::string(100'000, 'x') + "\"")));
    const auto last = parser.parse(document_with(""));
    ASSERT_TRUE(last);
    EXPECT_TRUE(last->extras.empty());
}

}  // namespace
}  // namespace cvstroom::candidate
