// Members that this version does not know come back as the very bytes that were received (SPEC 2).
#include <gtest/gtest.h>

#include "candidate/canonical.hpp"
#include "tests/candidate/documents.hpp"

namespace cvstroom::candidate {
namespace {

std::string canonical(std::string_view json) {
    const auto candidate = parse(json);
    if (!candidate) return candidate.error().front().pointer + ": " + candidate.error().front().message;
    return to_canonical(*candidate);
}

const std::vector<std::string> values{
    "1.0e5",
    "1E+2",
    "-0",
    "-0.0",
    "0.1000",
    "1e-400",
    "9007199254740993",
    "18446744073709551615",
    "-9223372036854775808",
    "true",
    "false",
    "null",
    R"("")",
    R"("\u0041\/\n\"\\")",
    R"("\\")",
    R"("\"]}")",
    R"("{[,:")",
    "\"Zo\xC3\xAB \xF0\x9F\x98\x80\"",
    "[]",
    "{}",
    "[ ]",
    "{\n}",
    "[ 1 ,\t2 ]",
    "{ \"b\" : 1 , \"a\" : [ { \"}\" : \"]\" } , \"\\\"\" ] }",
    "[[],[[]],{\"\":{}}]",
};

TEST(KeptMembers, ComeBackByteForByte) {
    for (const std::string& value : values) {
        const std::string json = document_with("\"x\":" + value);
        EXPECT_EQ(canonical(json), json) << value;
        EXPECT_EQ(canonical(document_with("\"x\" \n:\t " + value + " \r\n ")), json) << value;
        EXPECT_EQ(canonical(document_with("\"x\": " + value + " ,\n \"y\" :0 ")),
                  document_with("\"x\":" + value + ",\"y\":0"));
    }
}

// One after the other, before and behind known members, at every level.
TEST(KeptMembers, AreFoundAmongOthers) {
    std::string in_order = document_with("");
    in_order.pop_back();
    std::string mixed = in_order;
    for (std::size_t i = 0; i < values.size(); ++i) {
        in_order.append(",\"x").append(std::to_string(i)).append("\":").append(values[i]);
        mixed.append(" , \"x").append(std::to_string(i)).append("\" : ").append(values[i]);
    }
    EXPECT_EQ(canonical(mixed + " }"), in_order + "}");
}

TEST(KeptMembers, StandBehindTheKnownOnesOfTheirObject) {
    for (
        const auto& [json, expected] : std::vector<std::pair<std::string, std::string>>{
            {R"("natuurlijkPersoon":{"a": [1 ], "gsm":"1","contactAdres":{"b":{ },"straat":"s","c" : 1.50 }, "d":"\u0041"})",
             R"("natuurlijkPersoon":{"gsm":"1","contactAdres":{"straat":"s","b":{ },"c":1.50},"a":[1 ],"d":"\u0041"})"},
            {R"("ervaringen":[{"a":1,"type":"stage","werkgever":{"b": 2,"naam":"w"}} , {"type":"stage"}, {"c":[3 ],"type":"stage"}])",
             R"("ervaringen":[{"type":"stage","werkgever":{"naam":"w","b":2},"a":1},{"type":"stage"},{"type":"stage","c":[3 ]}])"},
            {R"("opleidingen":[{"a":1.0,"type":"cursus"}],"attesteringen":[{"b":2.0,"type":"rijbewijs","code":"B"}])",
             R"("opleidingen":[{"type":"cursus","a":1.0}],"attesteringen":[{"type":"rijbewijs","code":"B","b":2.0}])"},
            {R"("competenties":[{"a":{"type":"talen"},"type":"softSkill","code":"12"}])",
             R"("competenties":[{"type":"softSkill","code":"12","a":{"type":"talen"}}])"},
            {R"("gewensteJob":{"a":null,"functies":[{"b":1 ,"titel":"t","beroepsprofiel":{"c" :2,"code":"N130101-1"}}],"regios":["BE1"]})",
             R"("gewensteJob":{"regios":["BE1"],"functies":[{"titel":"t","beroepsprofiel":{"code":"N130101-1","c":2},"b":1}],"a":null})"},
            {R"("persoonlijkeInteresse":{"hobby's" : [ "\u00e9" ] , "b":{ "c":1e1}})",
             R"("persoonlijkeInteresse":{"hobby's":[ "\u00e9" ],"b":{ "c":1e1}})"},
        }) {
        EXPECT_EQ(canonical(document_with(json)), document_with(expected));
        EXPECT_EQ(canonical(document_with(expected)), document_with(expected));
    }
}

TEST(KeptMembers, AreNamedAsTheyWere) {
    const auto candidate = parse(document_with(R"("a\u002fb~\"é":1,"":2,"Status":3)"));
    ASSERT_TRUE(candidate);
    EXPECT_EQ(candidate->extras, (Extras{{"a/b~\"é", "1"}, {"", "2"}, {"Status", "3"}}));
    EXPECT_EQ(to_canonical(*candidate), document_with(R"("a/b~\"é":1,"":2,"Status":3)"));
}

// The search for the bytes goes on from where it was, and names are sorted to find equal ones: time grows with the
// bytes, not with their square. (A reader that is not linear would run into the test's time limit.)
TEST(KeptMembers, MayBeMany) {
    std::string members = "\"x0\":[0]";
    for (int i = 1; i < 60'000; ++i) members.append(",\"x").append(std::to_string(i)).append("\":[0]");
    const std::string json = document_with(members);
    EXPECT_EQ(canonical(json), json);
}

}  // namespace
}  // namespace cvstroom::candidate
