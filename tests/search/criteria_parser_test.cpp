#include "search/criteria_parser.hpp"

#include <gtest/gtest.h>

namespace cvstroom::search {
namespace {

using index::Dimension;

const reference::ReferenceData& lists() {
    static const auto loaded = reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
    return *loaded;
}

const Instant now = parse_instant("2026-02-13T12:00:00Z").value();

struct Outcome {
    Criteria criteria;
    std::vector<ParameterIssue> issues;
};

Outcome parse(const std::vector<Parameter>& parameters) {
    CriteriaParser parser(lists(), now);
    Outcome outcome;
    for (const auto& parameter : parameters) EXPECT_TRUE(parser.take(parameter)) << parameter.name;
    outcome.criteria = parser.finish(outcome.issues);
    return outcome;
}

TEST(CriteriaParser, ReadsTheExampleOfTheDescription) {
    const auto outcome = parse({{"studies", "MAE5AHH"}, {"gewensteRegios", "BE231A"}});
    EXPECT_TRUE(outcome.issues.empty());
    ASSERT_EQ(outcome.criteria.criteria.size(), 2U);
    EXPECT_EQ(outcome.criteria.criteria[0].dimension, Dimension::study);
    EXPECT_EQ(outcome.criteria.criteria[0].wanted, (std::vector<Value>{{"MAE5AHH", 0}}));
}

TEST(CriteriaParser, JoinsListsAndRepetitionsOfACriterion) {
    const auto outcome = parse({{"talen", "N:3,F"}, {"talen", "niet:E,D:1"}});
    EXPECT_TRUE(outcome.issues.empty());
    ASSERT_EQ(outcome.criteria.criteria.size(), 1U);
    EXPECT_EQ(outcome.criteria.criteria[0].wanted, (std::vector<Value>{{"N", 3}, {"F", 0}, {"D", 1}}));
    EXPECT_EQ(outcome.criteria.criteria[0].excluded, (std::vector<Value>{{"E", 0}}));
}

TEST(CriteriaParser, TakesAllBeforeAList) {
    const auto outcome = parse({{"competenties", "alle:11721:43,18138"}});
    EXPECT_TRUE(outcome.issues.empty());
    EXPECT_TRUE(outcome.criteria.criteria[0].all);
    EXPECT_EQ(outcome.criteria.criteria[0].wanted, (std::vector<Value>{{"11721", 43}, {"18138", 0}}));
}

TEST(CriteriaParser, LetsModifiersRaiseTheLeastRank) {
    const auto outcome = parse({{"behaald", "true"},
                                {"behaaldSinds", "2005"},
                                {"studies", "MAE5AHH"},
                                {"ervaring", "3"},
                                {"beroepen", "M140201-1:4,M130201-1"},
                                {"eigenWagen", "true"},
                                {"onbekend", "mee"}});
    EXPECT_TRUE(outcome.issues.empty());
    const auto& criteria = outcome.criteria.criteria;
    EXPECT_EQ(criteria[0].wanted, (std::vector<Value>{{"MAE5AHH", 2005}}));
    EXPECT_EQ(criteria[1].wanted, (std::vector<Value>{{"M140201-1", 4}, {"M130201-1", 3}}));
    EXPECT_EQ(criteria[2].dimension, Dimension::own_car);
    EXPECT_TRUE(outcome.criteria.keep_unknown);
}

TEST(CriteriaParser, CountsDaysBackFromNow) {
    const auto outcome = parse({{"sinds", "2"}, {"gewijzigdTot", "2026-02-13T00:00:00+01:00"}});
    EXPECT_TRUE(outcome.issues.empty());
    EXPECT_EQ(format_instant(*outcome.criteria.changed_from), "2026-02-11T12:00:00.000000Z");
    EXPECT_EQ(format_instant(*outcome.criteria.changed_until), "2026-02-12T23:00:00.000000Z");
}

TEST(CriteriaParser, ReadsWordsAndDistance) {
    const auto outcome = parse({{"trefwoord", "kok -stage"}, {"straal", "15"}, {"postcode", "BE-9300"}});
    EXPECT_TRUE(outcome.issues.empty());
    ASSERT_TRUE(outcome.criteria.text);
    EXPECT_EQ(outcome.criteria.text->terms.size(), 2U);
    EXPECT_EQ(outcome.criteria.around, (Around{9300, 15}));
    EXPECT_EQ(parse({{"postcode", "9300"}}).criteria.around, (Around{9300, std::nullopt}));
}

// Pitfall 38: an empty, unknown or malformed value silently gave no hits, or was ignored.
TEST(CriteriaParser, Pitfall38_NamesEveryWrongValueAndIgnoresNone) {
    const std::vector<Parameter> wrong{{"studies", ""},
                                       {"studies", "MAE5AHH,"},
                                       {"studies", "mae5ahh"},
                                       {"studies", "niet:"},
                                       {"studies", "alle:"},
                                       {"gewensteRegios", "BE9"},
                                       {"talen", "N:9"},
                                       {"talen", "N:"},
                                       {"talen", ":3"},
                                       {"talen", "N:3:3"},
                                       {"beroepen", "X"},
                                       {"competenties", "11721:1"},
                                       {"softSkills", "99"},
                                       {"rijbewijzen", "Z"},
                                       {"attesten", "B"},
                                       {"arbeidsRegimes", "v"},
                                       {"arbeidsStelsels", "Q"},
                                       {"eigenWagen", "ja"},
                                       {"onbekend", "misschien"},
                                       {"sinds", "0"},
                                       {"sinds", "-1"},
                                       {"sinds", "x"},
                                       {"sinds", "99999999999999999999"},
                                       {"behaald", "true"},
                                       {"behaaldSinds", "2005"},
                                       {"ervaring", "3"},
                                       {"gewijzigdVan", "2026-02-13"},
                                       {"gewijzigdTot", "gisteren"},
                                       {"trefwoord", ""},
                                       {"trefwoord", "-"},
                                       {"trefwoord", "-stage"},
                                       {"trefwoord", "\"kok"},
                                       {"postcode", "12"},
                                       {"postcode", "1001"},
                                       {"straal", "10"}};
    for (const auto& parameter : wrong) {
        const auto outcome = parse({parameter});
        ASSERT_EQ(outcome.issues.size(), 1U) << parameter.name << '=' << parameter.value;
        EXPECT_EQ(outcome.issues[0].name, parameter.name);
        EXPECT_FALSE(outcome.issues[0].detail.nl.empty() || outcome.issues[0].detail.fr.empty() ||
                     outcome.issues[0].detail.en.empty());
    }
}

TEST(CriteriaParser, ReportsAllFaultsAtOnce) {
    const auto outcome = parse({{"studies", "A,B"}, {"talen", "N:9"}, {"sinds", "x"}, {"behaald", "x"}});
    EXPECT_EQ(outcome.issues.size(), 5U);
}

TEST(CriteriaParser, SuggestsTheNearestCode) {
    const auto outcome = parse({{"studies", "mae5ahh"}});
    EXPECT_EQ(outcome.issues[0].kind, ParameterIssue::Kind::unknown_code);
    EXPECT_NE(outcome.issues[0].detail.en.find("MAE5AHH"), std::string::npos) << outcome.issues[0].detail.en;
}

TEST(CriteriaParser, RefusesTooManyValuesRepeatedModifiersAndMixedLists) {
    std::string many = "N";
    for (int i = 0; i < 10'000; ++i) many += ",N";
    EXPECT_EQ(parse({{"talen", many}}).issues.size(), 1U);
    EXPECT_EQ(parse({{"sinds", "1"}, {"sinds", "2"}}).issues.size(), 1U);
    EXPECT_EQ(parse({{"talen", "alle:N,F"}, {"talen", "E"}}).issues.size(), 1U);
    EXPECT_EQ(parse({{"gewijzigdVan", "2026-02-13T00:00:00Z"}, {"gewijzigdTot", "2026-02-12T00:00:00Z"}}).issues.size(),
              1U);
}

TEST(CriteriaParser, LeavesOtherParametersToTheCaller) {
    CriteriaParser parser(lists(), now);
    EXPECT_FALSE(parser.take({"vanaf", "0"}));
    EXPECT_FALSE(parser.take({"Studies", "MAE5AHH"})) << "names are exact";
}

TEST(CriteriaParser, SaysThatProtectedTraitsAreNoCriteria) {
    for (const char* name : {"nationaliteit", "geslacht", "leeftijd", "naam", "Geslacht"}) {
        const auto issue = CriteriaParser::unknown_parameter({name, "x"}, {});
        EXPECT_NE(issue.detail.en.find("anti-discrimination"), std::string::npos) << name;
        EXPECT_NE(issue.detail.nl.find("antidiscriminatie"), std::string::npos) << name;
    }
    EXPECT_NE(CriteriaParser::unknown_parameter({"studie", "x"}, {}).detail.en.find("'studies'"), std::string::npos);
    EXPECT_NE(CriteriaParser::unknown_parameter({"aantl", "x"}, {"aantal"}).detail.en.find("'aantal'"),
              std::string::npos);
    EXPECT_EQ(CriteriaParser::unknown_parameter({"frobnicate", "x"}, {}).detail.en, "unknown parameter");
}

}  // namespace
}  // namespace cvstroom::search
