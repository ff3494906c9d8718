#include "candidate/facts.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

namespace cvstroom::candidate {
namespace {

constexpr std::string_view document =
    R"({"ervaringen":[{"type":"werkervaring"},{"type":"stage","functieTitel":"Kok","werkgever":{"naam":"De Ster"},)"
    R"("omschrijving":"niet"}],"opleidingen":[{"type":"cursus","naam":"Bakken","info":"avond"},)"
    R"({"type":"studie","naam":"MAE5AHH","info":"met \"lof\""}],"competenties":[{"type":"talen","code":"N","niveau":"3"},)"
    R"({"type":"vrijeCompetentie","naam":"Snel","beschrijving":"Werkt snel"},{"type":"softSkill","code":"8","naam":"x"}],)"
    R"("attesteringen":[{"type":"attest","code":"ATT001"},{"type":"rijbewijs","code":"B"}],)"
    R"("gewensteJob":{"regios":["BE1","BE2"],"functies":[{"titel":""},{"titel":"Chef","beroepsprofiel":{"code":"M1"}}]}})";

TEST(Facts, HasEveryTextThatIsSearchedAndWhereItStands) {
    FactReader reader;
    const auto* facts = *reader.read(document);
    simdjson::dom::parser parser;
    const simdjson::dom::element parsed = parser.parse(document);
    std::vector<std::pair<std::string, std::string>> found;
    for (const auto& each : facts->texts) {
        const auto pointer = pointer_of(each.member, each.entry);
        EXPECT_EQ(std::string_view(parsed.at_pointer(pointer)), each.text) << "the pointer points at the text";
        found.emplace_back(pointer, each.text);
    }
    const std::vector<std::pair<std::string, std::string>> expected{{"/ervaringen/1/functieTitel", "Kok"},
                                                                    {"/ervaringen/1/werkgever/naam", "De Ster"},
                                                                    {"/opleidingen/0/info", "avond"},
                                                                    {"/opleidingen/0/naam", "Bakken"},
                                                                    {"/opleidingen/1/info", "met \"lof\""},
                                                                    {"/competenties/1/naam", "Snel"},
                                                                    {"/competenties/1/beschrijving", "Werkt snel"},
                                                                    {"/gewensteJob/functies/1/titel", "Chef"}};
    EXPECT_EQ(found, expected);
}

TEST(Facts, NumbersEntriesByTheirPlaceInTheList) {
    FactReader reader;
    const auto* facts = *reader.read(document);
    EXPECT_EQ(facts->studies.at(0).entry, 1);
    EXPECT_EQ(facts->languages.at(0).entry, 0);
    EXPECT_EQ(facts->soft_skills.at(0).entry, 2);
    EXPECT_EQ(facts->driving_licences.at(0).entry, 1);
    EXPECT_EQ(facts->regions.at(1).entry, 1);
    EXPECT_EQ(facts->professions.at(0).entry, 1);
}

TEST(Facts, TakesThePostcodeOfTheContactAddressFirst) {
    FactReader reader;
    const auto postcode = [&](const std::string& person) {
        const std::string json = R"({"natuurlijkPersoon":)" + person + "}";
        return (*reader.read(json))->postcode;
    };
    EXPECT_EQ(postcode(R"({"contactAdres":{"postcode":"BE-9300"},"officieelAdres":{"postcode":"BE-2800"}})"), 9300);
    EXPECT_EQ(postcode(R"({"contactAdres":{"straat":"x"},"officieelAdres":{"postcode":"BE-2800"}})"), 2800);
    EXPECT_EQ(postcode(R"({"officieelAdres":{"postcode":"BE-2800"}})"), 2800);
    EXPECT_EQ(postcode(R"({"contactAdres":{"postcode":"NL-1234"},"officieelAdres":{"postcode":"BE-2800"}})"), 0)
        << "somebody who lives abroad does not live in Mechelen";
    EXPECT_EQ(postcode("{}"), 0);
    EXPECT_EQ((*reader.read("{}"))->postcode_pointer, "");
}

TEST(Facts, ReadsOnlyBelgianPostcodes) {
    EXPECT_EQ(parse_postcode("BE-1000"), 1000);
    for (const char* other :
         {"", "BE-", "2800", "BE-280", "BE-28000", "BE-0280", "BE-28x0", "FR-2800", "be-2800", "BE--280"}) {
        EXPECT_EQ(parse_postcode(other), 0) << other;
    }
}

}  // namespace
}  // namespace cvstroom::candidate
