#include "candidate/canonical.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/candidate/documents.hpp"

namespace cvstroom::candidate {
namespace {

std::string canonical(std::string_view json) {
    const auto candidate = parse(json);
    if (!candidate) return candidate.error().front().pointer + ": " + candidate.error().front().message;
    return to_canonical(*candidate);
}

// The seed's layout is one member a line: without its line ends and the space after a colon it is minified.
std::string minified(std::string text) {
    std::erase(text, '\n');
    for (auto at = text.find("\": "); at != std::string::npos; at = text.find("\": ", at)) text.erase(at + 2, 1);
    return text;
}

TEST(Canonical, TheSeedsDocumentsKeepTheirOrder) {
    for (const char* name : {"seed_cb60cf85.json", "seed_30dbfef1.json"}) {
        const std::string text = fixture(name);
        EXPECT_EQ(canonical(text), minified(text)) << name;
        EXPECT_EQ(canonical(canonical(text)), minified(text)) << name;
    }
}

TEST(Canonical, OrderSpaceEscapesAndCaseOfTheIdDoNotCount) {
    const std::string json =
        document_with(R"("iklId":7,"persoonlijkeInteresse":{},"natuurlijkPersoon":{"voornaam":"Zoë"})");
    EXPECT_EQ(canonical(json), json);
    EXPECT_EQ(canonical(R"( { "natuurlijkPersoon" : {"voornaam":"Zo\u00eb"}, "persoonlijkeInteresse":{ }, "iklId": 7,
                "wijzigingsDatum":"2022-07-27","status":"\u004fPEN","cvId":"CB60CF85-1380-4A5A-ADAE-0B7BC6160661" } )"),
              json);
}

TEST(Canonical, EveryKnownMemberIsWritten) {
    const std::string address =
        R"({"straat":"a","huisnummer":"1","busnummer":"b","postcode":"BE-2800","gemeente":"2800-MECHELEN","land":"BE"})";
    const std::string json = document_with(
        R"("iklId":1,"persoonlijkeInteresse":{"a":1},"natuurlijkPersoon":{"gsm":"1","telefoon":"2","officieelAdres":)" +
        address + R"(,"contactAdres":)" + address +
        R"(,"email":"a@b","achternaam":"c","voornaam":"d","roepnaam":"e","website":"https://f","geslacht":"V",)"
        R"("nationaliteit":"BE","geboortedatum":"1990-04-17"},)"
        R"("ervaringen":[{"type":"stage","functieTitel":"g","van":"2020-01-01","werkgever":{"naam":"h"},)"
        R"("tot":"2020-02-01","omschrijving":"i"}],)"
        R"("opleidingen":[{"type":"studie","info":"j","behaaldOp":"2002-01-01","behaaldIn":2002,"diploma":false,)"
        R"("naam":"MAN1NOO"}],)"
        R"("attesteringen":[{"type":"rijbewijs","code":"B","eigenWagen":false}],)"
        R"("competenties":[{"type":"talen","code":"N","niveau":"0"},)"
        R"({"type":"technischeCompetentie","code":"11721","score":"41"},)"
        R"({"type":"vrijeCompetentie","naam":"k","beschrijving":"l"}],)"
        R"("gewensteJob":{"arbeidsRegimes":["V"],"arbeidsStelsels":["D"],"regios":["BE1"],)"
        R"("functies":[{"titel":"m","ervaring":"0","beroepsprofiel":{"code":"N130101-1"}}]})");
    EXPECT_EQ(canonical(json), json);
}

TEST(Canonical, AbsentAndEmptyListsStayDifferent) {
    const std::string lists =
        document_with(R"("ervaringen":[],"opleidingen":[],"attesteringen":[],"competenties":[],)"
                      R"("gewensteJob":{"arbeidsRegimes":[],"arbeidsStelsels":[],"regios":[],"functies":[]})");
    EXPECT_EQ(canonical(lists), lists);
    EXPECT_EQ(canonical(document_with(R"("gewensteJob":{})")), document_with(R"("gewensteJob":{})"));
    EXPECT_EQ(canonical(document_with("")), document_with(""));
}

TEST(Canonical, TextsAreEscapedAsLittleAsJsonAllows) {
    EXPECT_EQ(canonical(document_with(R"("natuurlijkPersoon":{"voornaam":"\"\\\/\u0000\u001f\n\ud83d\ude00\u007f"})")),
              document_with("\"natuurlijkPersoon\":{\"voornaam\":\"\\\"\\\\/\\u0000\\u001f\\n\U0001F600\x7f\"}"));
}

TEST(Canonical, ATombstoneSaysNothingElse) {
    const auto candidate = parse(fixture("seed_cb60cf85.json"));
    ASSERT_TRUE(candidate);
    const std::string tombstone = to_tombstone(candidate->id, Status::erased, candidate->changed_on);
    EXPECT_EQ(
        tombstone,
        R"({"cvId":"cb60cf85-1380-4a5a-adae-0b7bc6160661","status":"VERWIJDERD","wijzigingsDatum":"2022-07-27"})");
    EXPECT_EQ(canonical(tombstone), tombstone);
}

}  // namespace
}  // namespace cvstroom::candidate
