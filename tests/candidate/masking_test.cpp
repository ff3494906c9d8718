#include "candidate/masking.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <fstream>

#include "tests/candidate/documents.hpp"

namespace cvstroom::candidate {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string full =
    R"({"cvId":"00000001-0000-4000-8000-000000000000","status":"OPEN","wijzigingsDatum":"2026-02-13","iklId":778899,)"
    R"("persoonlijkeInteresse":{"hobby":"schaken met Mirelva"},)"
    R"("natuurlijkPersoon":{"gsm":"+32400123456","telefoon":"+3215999888","officieelAdres":{"straat":"Quavelostraat","huisnummer":"12","busnummer":"B3","postcode":"BE-2800","gemeente":"2800-MECHELEN","land":"BE","extra":"achter de kerk"},)"
    R"("email":"mirelva@example.org","achternaam":"Van den Zilverduin","voornaam":"Mirelva","roepnaam":"Lva","website":"https://mirelva.example","geslacht":"V","nationaliteit":"NL","geboortedatum":"1987-03-05","rijksregister":"87.03.05-123.45"},)"
    R"("ervaringen":[{"type":"werkervaring","functieTitel":"Planner","van":"2010-01-01","werkgever":{"naam":"Interim Quavelo","adres":"Dorp 1"},"tot":"2012-01-01","omschrijving":"Planning bij Mirelva thuis","eigen":{"x":1}},)"
    R"({"type":"werkervaring","functieTitel":"Zaakvoerder bij ZILVERDUIN","werkgever":{"naam":"Bakkerij Mirelva"}},)"
    R"({"type":"stage","functieTitel":"mail mij: a@b.example","werkgever":{"naam":"bel 0400 12 34 56"}}],)"
    R"("opleidingen":[{"type":"studie","info":"omzetting","behaaldOp":"2011-07-01","behaaldIn":2011,"diploma":true,"naam":"MAE5AHH"},{"type":"cursus","naam":"Cursus van Mirelva"}],)"
    R"("attesteringen":[{"type":"rijbewijs","code":"B","eigenWagen":true,"nummer":"123"}],)"
    R"("competenties":[{"type":"talen","code":"N","niveau":"3"},{"type":"vrijeCompetentie","naam":"Vrij","beschrijving":"van alles"},{"type":"technischeCompetentie","code":"11721","score":"43","beschrijving":"goed"}],)"
    R"("gewensteJob":{"arbeidsRegimes":["V"],"regios":["BE231A",{"x":"y"}],"functies":[{"titel":"Planner","ervaring":"3","beroepsprofiel":{"code":"M140201-1","y":2}}],"loon":3000},)"
    R"("nieuw":{"naam":"Mirelva"}})";

TEST(Masking, LeavesWhatStandsInTheAllowListAndNothingElse) {
    EXPECT_EQ(
        mask(full),
        R"({"cvId":"00000001-0000-4000-8000-000000000000","status":"OPEN","wijzigingsDatum":"2026-02-13",)"
        R"("natuurlijkPersoon":{"officieelAdres":{"postcode":"BE-2800","gemeente":"2800-MECHELEN","land":"BE"},"geboortejaar":1985},)"
        R"("ervaringen":[{"type":"werkervaring","functieTitel":"Planner","van":"2010-01-01","werkgever":{"naam":"Interim Quavelo"},"tot":"2012-01-01"},)"
        R"({"type":"werkervaring","werkgever":{}},{"type":"stage","werkgever":{}}],)"
        R"("opleidingen":[{"type":"studie","behaaldOp":"2011-07-01","behaaldIn":2011,"diploma":true,"naam":"MAE5AHH"},{"type":"cursus"}],)"
        R"("attesteringen":[{"type":"rijbewijs","code":"B","eigenWagen":true}],)"
        R"("competenties":[{"type":"talen","code":"N","niveau":"3"},{"type":"technischeCompetentie","code":"11721","score":"43"}],)"
        R"("gewensteJob":{"arbeidsRegimes":["V"],"regios":["BE231A"],"functies":[{"titel":"Planner","ervaring":"3","beroepsprofiel":{"code":"M140201-1"}}]}})");
}

TEST(Masking, RoundsTheYearOfBirthDownToFive) {
    const auto born = [](const std::string& date) {
        return mask(R"({"natuurlijkPersoon":{"geboortedatum":")" + date + R"("}})");
    };
    EXPECT_THAT(born("1990-12-31"), HasSubstr(R"("geboortejaar":1990)"));
    EXPECT_THAT(born("1994-01-01"), HasSubstr(R"("geboortejaar":1990)"));
    EXPECT_THAT(born("1995-01-01"), HasSubstr(R"("geboortejaar":1995)"));
    EXPECT_THAT(born("x"), Not(HasSubstr("geboortejaar")));
}

// Somebody may type a name with other case, without its accents, or with letters that Unicode writes in another way.
TEST(Masking, RecognisesANameHoweverItIsWritten) {
    const auto title = [](const std::string& name, const std::string& text) {
        return mask(R"({"natuurlijkPersoon":{"achternaam":")" + name + R"("},"ervaringen":[{"functieTitel":")" + text +
                    R"("}]})");
    };
    const std::string hidden = R"({"natuurlijkPersoon":{},"ervaringen":[{}]})";
    EXPECT_EQ(title("Zélvère", "Bij ZÉLVÈRE thuis"), hidden);
    EXPECT_EQ(title("Zélvère", "Bij zelvere thuis"), hidden);
    EXPECT_EQ(title("Zelvere", "Bij Zélve\u0300re thuis"), hidden);
    EXPECT_EQ(title("Zélvère", "Bij Ze\xCC\x81lve\xCC\x80re"), hidden) << "the accents as characters of their own";
    EXPECT_EQ(title("Straßner", "Bij STRASSNER"), hidden);
    EXPECT_EQ(title("Zilver", "Bij \xEF\xBC\xBAilver"), hidden) << "a wide Z";
    EXPECT_EQ(title("Zilver", "mail zilver\xEF\xBC\xA0provider"), hidden) << "a wide @";
    EXPECT_NE(title("Zélvère", "Kok in een café"), hidden);
}

TEST(Masking, SurvivesWhatIsNoDocument) {
    for (const char* odd : {"", "[]", "{", "5", "\xFF"}) EXPECT_EQ(mask(odd), "{}");
    EXPECT_EQ(mask("{}"), "{}");
    EXPECT_EQ(mask(R"({"natuurlijkPersoon":5,"ervaringen":{},"opleidingen":[5],"gewensteJob":[]})"),
              R"({"opleidingen":[]})");
}

// Every text below a member, however deep.
void collect(const simdjson::dom::element& value, std::vector<std::string>& texts) {
    simdjson::dom::object object;
    simdjson::dom::array array;
    std::string_view text;
    if (value.get(object) == simdjson::SUCCESS) {
        for (const auto& member : object) collect(member.value, texts);
    } else if (value.get(array) == simdjson::SUCCESS) {
        for (const simdjson::dom::element entry : array) collect(entry, texts);
    } else if (value.get(text) == simdjson::SUCCESS && text.size() >= 4) {
        texts.emplace_back(text);
    }
}

TEST(Masking, LeavesNothingOfThePersonsOfTheDescriptionsDocuments) {
    std::ifstream input(CVSTROOM_SOURCE_DIR "/data/seed_candidates.ndjson");
    std::string line;
    std::size_t checked = 0;
    while (std::getline(input, line)) {
        const auto masked = mask(line);
        simdjson::dom::parser parser;
        simdjson::dom::object person;
        ASSERT_EQ(parser.parse(line)["natuurlijkPersoon"].get(person), simdjson::SUCCESS);
        for (const auto& member : person) {
            std::vector<std::string> texts;
            collect(member.value, texts);
            for (const auto& text : texts) {
                const bool may_stay = masked.find("\"postcode\":\"" + text) != std::string::npos ||
                                      masked.find("\"gemeente\":\"" + text) != std::string::npos;
                if (may_stay) continue;
                EXPECT_THAT(masked, Not(HasSubstr(text))) << member.key;
                ++checked;
            }
        }
    }
    EXPECT_GT(checked, 20U) << "the test must look at something";
}

TEST(Masking, KnowsWhichPathsItHides) {
    EXPECT_FALSE(survives_masking("natuurlijkPersoon.email"));
    EXPECT_FALSE(survives_masking("ervaringen.omschrijving"));
    EXPECT_TRUE(survives_masking("natuurlijkPersoon"));
    EXPECT_TRUE(survives_masking("ervaringen.functieTitel"));
    EXPECT_TRUE(survives_masking("gewensteJob.functies.titel"));
}

}  // namespace
}  // namespace cvstroom::candidate
