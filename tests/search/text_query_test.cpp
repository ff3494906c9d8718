#include "search/text_query.hpp"

#include <gtest/gtest.h>

namespace cvstroom::search {
namespace {

using How = TextStep::How;

TextQuery parse(std::string_view text) {
    std::vector<LocalText> faults;
    auto query = parse_text_query(text, faults);
    EXPECT_TRUE(faults.empty()) << text << ": " << faults.front().en;
    return query;
}

std::vector<LocalText> faults_of(std::string_view text) {
    std::vector<LocalText> faults;
    parse_text_query(text, faults);
    return faults;
}

TEST(TextQuery, ReadsWordsPhrasesPrefixesAndExclusions) {
    const auto query = parse("  Élève \"Supply  Chain\" logist* -stage -\"in opleiding\" supply-chain/manager ");
    const std::vector<TextTerm> expected{
        {{{"eleve", How::inflected}}, false, "Élève"},
        {{{"supply", How::exact}, {"chain", How::exact}}, false, "\"Supply  Chain\""},
        {{{"logist", How::prefix}}, false, "logist*"},
        {{{"stage", How::inflected}}, true, "-stage"},
        {{{"in", How::exact}, {"opleiding", How::exact}}, true, "-\"in opleiding\""},
        {{{"supply", How::inflected}, {"chain", How::inflected}, {"manager", How::inflected}},
         false,
         "supply-chain/manager"}};
    EXPECT_EQ(query.terms, expected);
}

TEST(TextQuery, TakesTypographicQuotesAndTouchingOnes) {
    for (const char* text : {"“a b”", "«a b»", "„a b”", "\"a b\"", "\"a b”"}) {
        const auto query = parse(text);
        ASSERT_EQ(query.terms.size(), 1U) << text;
        EXPECT_EQ(query.terms[0].steps, (std::vector<TextStep>{{"a", How::exact}, {"b", How::exact}}));
    }
    EXPECT_EQ(parse("kok\"a b\"bakker").terms.size(), 3U);
    EXPECT_EQ(parse("C++ C# .NET").terms[0].steps[0].word, "c++");
}

TEST(TextQuery, SaysWhatIsWrongInThreeLanguages) {
    const std::string many = "a b c d e f g h i j k l m n o p q r s t u";
    std::string words;
    for (int i = 0; i < 10'000; ++i) words += "woord ";
    for (const std::string& text : {std::string(),
                                    std::string("   "),
                                    std::string("-"),
                                    std::string("kok -"),
                                    std::string("--"),
                                    std::string("\"kok"),
                                    std::string("-\"kok"),
                                    std::string("\"\""),
                                    std::string("&"),
                                    std::string("kok ! bakker"),
                                    std::string("-stage"),
                                    std::string("-stage -\"x y\""),
                                    std::string("*"),
                                    std::string("ko*"),
                                    std::string("k*k"),
                                    std::string("**"),
                                    std::string("abc**"),
                                    std::string("data-a*"),
                                    many,
                                    words,
                                    std::string(100'000, 'x') + " \"",
                                    std::string(100'000, '"') + "\"",
                                    std::string("\"") + std::string(100'000, '-')}) {
        const auto faults = faults_of(text);
        ASSERT_FALSE(faults.empty()) << text.substr(0, 40);
        for (const auto& fault : faults) {
            EXPECT_FALSE(fault.nl.empty() || fault.fr.empty() || fault.en.empty());
            EXPECT_LT(fault.en.size(), 250U);
        }
        EXPECT_LE(faults.size(), 25U) << text.substr(0, 40);
    }
    EXPECT_NE(faults_of("kok \"bakker")[0].en.find("'bakker' is never closed"), std::string::npos);
    EXPECT_NE(faults_of("-a -b")[0].en.find("everything is excluded"), std::string::npos);
    EXPECT_NE(faults_of("-")[0].en.find("'-' is followed at once by a word"), std::string::npos);
}

TEST(TextQuery, TakesTwentyWordsAndNoMore) {
    EXPECT_EQ(parse("a b c d e f g h i j k l m n o p q r s t").terms.size(), 20U);
    EXPECT_EQ(faults_of("\"a b c d e f g h i j k l m n o p q r s t u\"").size(), 1U);
}

TEST(TextQuery, ExtendsOnlyAWordThatIsCutOff) {
    auto query = parse("kok logist");
    EXPECT_TRUE(extend_last_word(query));
    EXPECT_EQ(to_string(query), "kok logist*");
    EXPECT_EQ(query, parse("kok logist*"));
    EXPECT_FALSE(extend_last_word(query));
    for (const char* text : {"kok -logist", "kok \"logist\"", "kok lo"}) {
        auto other = parse(text);
        const auto before = other;
        EXPECT_FALSE(extend_last_word(other)) << text;
        EXPECT_EQ(other, before);
    }
}

TEST(TextQuery, ReadsBackWhatItWrites) {
    const auto query = parse("kok -\"in  de\" “X y” ab-cde* C++");
    EXPECT_EQ(parse(to_string(query)), query);
}

}  // namespace
}  // namespace cvstroom::search
