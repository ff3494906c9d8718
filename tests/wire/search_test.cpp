// Search as recruiters use it, over real TLS against the real program: text, distance, facets, explanation, and every
// way to ask wrongly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "tests/wire/running_program.hpp"

namespace cvstroom {
namespace {

using test::ask;
using test::WireResponse;
using testing::ElementsAre;
using testing::HasSubstr;

std::string id_of(int n) {
    return "0000000" + std::to_string(n) + "-0000-4000-8000-000000000000";
}
std::string document(int n, const std::string& more) {
    return R"({"cvId":")" + id_of(n) + R"(","status":"OPEN","wijzigingsDatum":"2026-02-13",)" + more + "}";
}
std::string at(const std::string& postcode) {
    return R"("natuurlijkPersoon":{"officieelAdres":{"postcode":")" + postcode + R"("}})";
}

// Five CVs: later ones are newer.
std::vector<std::string> documents() {
    return {
        document(
            1, R"("natuurlijkPersoon":{"officieelAdres":{"postcode":"BE-4000"},"contactAdres":{"postcode":"BE-9300"}},)"
               R"("ervaringen":[{"type":"werkervaring","functieTitel":"Supply chain manager","van":"2020-01-01",)"
               R"("werkgever":{"naam":"Zilverduin Logistics NV"}}],)"
               R"("competenties":[{"type":"talen","code":"N","niveau":"3"},{"type":"talen","code":"F","niveau":"1"}])"),
        document(2, at("BE-9320") +
                        R"(,"gewensteJob":{"regios":["BE231A"],"functies":[{"titel":"Managers in de logistiek"}]},)"
                        R"("competenties":[{"type":"talen","code":"N","niveau":"1"}])"),
        document(3, at("BE-1000") + R"(,"opleidingen":[{"type":"cursus","naam":"Formation d'infirmières qualifiées"}],)"
                                    R"("competenties":[{"type":"talen","code":"F","niveau":"3"}])"),
        document(
            4,
            R"("competenties":[{"type":"vrijeCompetentie","naam":"C++","beschrijving":"Élève de la manager chain"}])"),
        document(5, at("NL-1234") + R"(,"ervaringen":[{"type":"stage","functieTitel":"Assistent-manager",)"
                                    R"("van":"2020-01-01","omschrijving":"geheimwoord"}])"),
    };
}

class SearchTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { program_ = std::make_unique<test::RunningProgram>(documents()); }
    static void TearDownTestSuite() {
        EXPECT_EQ(program_->stop(), 0) << program_->log();
        program_.reset();
    }
    static WireResponse get(const std::string& query, const std::string& language = "en") {
        return ask(program_->port(), program_->key(),
                   {"GET", "/services/openservices/v1/kandidaten?" + query, {"Accept-Language: " + language}, ""});
    }
    // The numbers of the documents found, in order.
    static std::vector<int> found(const std::string& query) {
        const auto response = get(query);
        EXPECT_EQ(response.status, 200U) << query << response.body;
        simdjson::dom::parser parser;
        std::vector<int> numbers;
        const simdjson::dom::element answer = parser.parse(response.body);
        for (const auto row : answer["resultaten"].get_array()) {
            numbers.push_back(std::string_view(row["cvId"].get_string())[7] - '0');
        }
        EXPECT_EQ(static_cast<std::size_t>(std::int64_t(answer["aantal"])), numbers.size()) << query;
        return numbers;
    }

    static std::unique_ptr<test::RunningProgram> program_;
};

std::unique_ptr<test::RunningProgram> SearchTest::program_;

TEST_F(SearchTest, FindsWordsAcrossInflectionsAndAccents) {
    EXPECT_THAT(found("trefwoord=manager"), ElementsAre(5, 4, 2, 1));
    EXPECT_THAT(found("trefwoord=MANAGERS+logistics"), ElementsAre(1));
    EXPECT_THAT(found("trefwoord=infirmier+qualifi%C3%A9"), ElementsAre(3));
    EXPECT_THAT(found("trefwoord=eleve"), ElementsAre(4));
    EXPECT_THAT(found("trefwoord=c%2B%2B"), ElementsAre(4));
    EXPECT_THAT(found("trefwoord=geheimwoord"), ElementsAre()) << "a description of an experience is not searched";
}

TEST_F(SearchTest, FindsPhrasesPrefixesAndExcludes) {
    EXPECT_THAT(found("trefwoord=%22supply+chain%22"), ElementsAre(1));
    EXPECT_THAT(found("trefwoord=%22managers%22"), ElementsAre(2)) << "exact inside quotes";
    EXPECT_THAT(found("trefwoord=%22chain+supply%22"), ElementsAre());
    EXPECT_THAT(found("trefwoord=supply-chain"), ElementsAre(1));
    EXPECT_THAT(found("trefwoord=logist*"), ElementsAre(2, 1));
    EXPECT_THAT(found("trefwoord=manager+-chain"), ElementsAre(5, 2));
    EXPECT_THAT(found("trefwoord=manager+-%22manager+chain%22+-assistent"), ElementsAre(2, 1));
}

TEST_F(SearchTest, TakesALastWordThatNobodyHasForABeginningAndSaysSo) {
    EXPECT_THAT(found("trefwoord=supply+mana"), ElementsAre(1));
    EXPECT_THAT(get("trefwoord=supply+mana").body, HasSubstr(R"("trefwoordGelezenAls":"supply mana*")"));
    EXPECT_THAT(found("trefwoord=%22mana%22"), ElementsAre());
    EXPECT_THAT(get("trefwoord=zzzz").body, testing::Not(HasSubstr("trefwoordGelezenAls")));
}

TEST_F(SearchTest, SearchesWithinADistance) {
    EXPECT_THAT(found("postcode=9300&straal=10"), ElementsAre(2, 1)) << "the contact address counts first";
    EXPECT_THAT(found("postcode=BE-9300&straal=40"), ElementsAre(3, 2, 1));
    EXPECT_THAT(found("postcode=9300&straal=10&onbekend=mee"), ElementsAre(5, 4, 2, 1));
    EXPECT_THAT(found("postcode=9300&straal=10&trefwoord=logistiek"), ElementsAre(2));
}

TEST_F(SearchTest, SortsByDistanceAndByFitness) {
    EXPECT_THAT(found("postcode=9300&sorteerveld=AFSTAND"), ElementsAre(1, 2, 3, 5, 4));
    EXPECT_THAT(found("postcode=9320&straal=100&sorteerveld=AFSTAND"), ElementsAre(2, 1, 3));
    EXPECT_THAT(get("postcode=9300&sorteerveld=AFSTAND&aantal=1").body, HasSubstr(R"("afstand":0.0)"));
    EXPECT_THAT(found("trefwoord=manager&sorteerveld=RELEVANTIE").back(), 4) << "a competence weighs less than a title";
    EXPECT_THAT(get("trefwoord=manager&sorteerveld=RELEVANTIE").body, HasSubstr(R"("relevantie":)"));
}

TEST_F(SearchTest, CountsFacetsWithLabelsInTheReadersLanguage) {
    const auto dutch = get("facetten=talen", "nl").body;
    EXPECT_THAT(dutch, HasSubstr(R"({"criterium":"talen","waarden":[{"code":"F","label":"Frans","aantal":2},)"
                                 R"({"code":"N","label":"Nederlands","aantal":2}],"aantalWaarden":2,"zegtNiets":2})"));
    EXPECT_THAT(get("talen=N&facetten=talen").body, HasSubstr(R"({"code":"F","label":"Frans","aantal":2})"))
        << "its own criterion left out";
    EXPECT_THAT(get("trefwoord=manager&facetten=talen&facetten=gewensteRegios,eigenWagen", "fr").body,
                HasSubstr(R"({"criterium":"eigenWagen","waarden":[],"aantalWaarden":0,"zegtNiets":4})"));
    EXPECT_THAT(get("facetten=gewensteRegios", "fr").body, HasSubstr(R"("code":"BE23","label":)"));
}

TEST_F(SearchTest, ExplainsEachResult) {
    const auto body = get("trefwoord=managers+-stage&talen=N:2&postcode=9320&straal=30&uitleg=true&onbekend=mee").body;
    EXPECT_THAT(body,
                HasSubstr(R"({"criterium":"talen","gevraagd":"N:2","plaats":"/competenties/0","gevonden":"N:3"})"));
    EXPECT_THAT(body,
                HasSubstr(R"({"criterium":"trefwoord","gevraagd":"managers","plaats":"/ervaringen/0/functieTitel",)"
                          R"("gevonden":"manager"})"));
    EXPECT_THAT(body, HasSubstr(R"({"criterium":"straal","gevraagd":"30","plaats":)"
                                R"("/natuurlijkPersoon/contactAdres/postcode","gevonden":")"));
    EXPECT_THAT(body, HasSubstr(R"({"criterium":"talen","zegtNiets":true})"));
}

TEST_F(SearchTest, AdvisesOnTextAndDistanceToo) {
    const auto body = get("trefwoord=infirmier&postcode=9300&straal=5&advies=true").body;
    EXPECT_THAT(body, HasSubstr(R"({"zonder":"trefwoord","aantal":2},{"zonder":"straal","aantal":1})"));
}

TEST_F(SearchTest, NamesWhatIsWrongInThreeLanguages) {
    struct Case {
        std::string query;
        std::string name;
        std::string detail;  // a part of it, in English
    };
    std::string many = "N";
    for (int i = 0; i < 300; ++i) many += ",N";
    const std::vector<Case> cases{
        {"trefwoord=", "trefwoord", "at least one word"},
        {"trefwoord=%22kok", "trefwoord", "never closed"},
        {"trefwoord=-", "trefwoord", "followed at once by a word"},
        {"trefwoord=-stage", "trefwoord", "everything is excluded"},
        {"trefwoord=%26", "trefwoord", "no letters or digits"},
        {"trefwoord=ko*", "trefwoord", "at least 3 letters"},
        {"trefwoord=k*k", "trefwoord", "only at the end"},
        {"trefwoord=a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q+r+s+t+u", "trefwoord", "at most 20 words"},
        {"trefwoord=a&trefwoord=b", "trefwoord", "only once"},
        {"straal=10", "straal", "goes with 'postcode'"},
        {"postcode=9300", "postcode", "add 'straal'"},
        {"postcode=9300&straal=0", "straal", "from 1 to 300"},
        {"postcode=9300&straal=301", "straal", "from 1 to 300"},
        {"postcode=9300&straal=x", "straal", "whole number of kilometres"},
        {"postcode=9301&straal=5", "postcode", "no place has postcode 9301"},
        {"postcode=930&straal=5", "postcode", "such as 2800"},
        {"postcode=NL-9300&straal=5", "postcode", "such as 2800"},
        {"sorteerveld=AFSTAND", "sorteerveld", "goes with 'postcode'"},
        {"sorteerveld=RELEVANTIE", "sorteerveld", "goes with 'trefwoord'"},
        {"sorteerveld=NAAM", "sorteerveld", "RELEVANTIE or AFSTAND"},
        {"facetten=naam", "facetten", "give names of criteria: studies"},
        {"facetten=", "facetten", "give names of criteria"},
        {"facetten=talen,talen", "facetten", "twice"},
        {"facetten=talen,studies,beroepen,attesten,softSkills,rijbewijzen", "facetten", "at most 5"},
        {"uitleg=ja", "uitleg", "true or false"},
        {"talen=N:9", "talen", "not a known code"},
        {"talen=" + many, "talen", "at most 200 values"},
        {"geslacht=V", "geslacht", "anti-discrimination"},
        {"nationaliteit=BE", "nationaliteit", "anti-discrimination"},
        {"leeftijd=30", "leeftijd", "anti-discrimination"},
    };
    for (const auto& each : cases) {
        const auto response = get(each.query);
        EXPECT_EQ(response.status, 400U) << each.query.substr(0, 80);
        EXPECT_THAT(response.body, HasSubstr("\"name\":\"" + each.name + '"')) << each.query;
        EXPECT_THAT(response.body, HasSubstr(each.detail)) << each.query;
        const auto dutch = get(each.query, "nl").body;
        const auto french = get(each.query, "fr").body;
        EXPECT_NE(dutch, response.body) << each.query;
        EXPECT_NE(french, dutch) << each.query;
    }
}

TEST_F(SearchTest, RefusesAQueryOfAHundredKilobytesAndNamesWhatIsLong) {
    const auto response = get("talen=N&trefwoord=" + std::string(100'000, 'x'), "nl");
    EXPECT_EQ(response.status, 400U);
    EXPECT_THAT(response.body, HasSubstr("\"name\":\"trefwoord\""));
    EXPECT_THAT(response.body, HasSubstr("100018 bytes"));
    EXPECT_THAT(response.body, HasSubstr("8192"));
    EXPECT_LT(response.body.size(), 2000U);

    std::string list = "beroepen=";
    for (int i = 0; i < 10'000; ++i) list += "B12345,";
    EXPECT_THAT(get(list, "en").body, HasSubstr("\"name\":\"beroepen\""));
    // Broken, too: nothing of it is repeated.
    const auto broken = get("%zz" + std::string(20'000, '%'), "en");
    EXPECT_EQ(broken.status, 400U);
    EXPECT_LT(broken.body.size(), 2000U);
}

}  // namespace
}  // namespace cvstroom
