// Every rule of validation, one wrong document each, and the pointers of exactly what is wrong in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/candidate/documents.hpp"

namespace cvstroom::candidate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Case {
    std::string members;
    std::vector<std::string> pointers;
};

// Each stands in a document that is right otherwise.
const std::vector<Case> wrong_members{
    // Top level.
    {R"("iklId":-1)", {"/iklId"}},
    {R"("iklId":1.0)", {"/iklId"}},
    {R"("iklId":"1")", {"/iklId"}},
    {R"("iklId":9223372036854775808)", {"/iklId"}},
    {R"("persoonlijkeInteresse":[])", {"/persoonlijkeInteresse"}},
    {R"("natuurlijkPersoon":null)", {"/natuurlijkPersoon"}},
    {R"("natuurlijkPersoon":"x")", {"/natuurlijkPersoon"}},
    {R"("ervaringen":{})", {"/ervaringen"}},
    {R"("opleidingen":null)", {"/opleidingen"}},
    {R"("attesteringen":1)", {"/attesteringen"}},
    {R"("competenties":true)", {"/competenties"}},
    {R"("gewensteJob":[])", {"/gewensteJob"}},
    {R"("ervaringen":[1,null,"x"])", {"/ervaringen/0", "/ervaringen/1", "/ervaringen/2"}},

    // natuurlijkPersoon.
    {R"("natuurlijkPersoon":{"gsm":"zero"})", {"/natuurlijkPersoon/gsm"}},
    {R"("natuurlijkPersoon":{"gsm":"00000000000000000000000000000000000000001"})", {"/natuurlijkPersoon/gsm"}},
    {R"("natuurlijkPersoon":{"gsm":32477000101})", {"/natuurlijkPersoon/gsm"}},
    {R"("natuurlijkPersoon":{"telefoon":"02\t1"})", {"/natuurlijkPersoon/telefoon"}},
    {R"("natuurlijkPersoon":{"email":"a.b"})", {"/natuurlijkPersoon/email"}},
    {R"("natuurlijkPersoon":{"email":"@b"})", {"/natuurlijkPersoon/email"}},
    {R"("natuurlijkPersoon":{"email":"a@"})", {"/natuurlijkPersoon/email"}},
    {R"("natuurlijkPersoon":{"email":"a@b@c"})", {"/natuurlijkPersoon/email"}},
    {R"("natuurlijkPersoon":{"website":"www.example.com"})", {"/natuurlijkPersoon/website"}},
    {R"("natuurlijkPersoon":{"website":"ftp://example.com"})", {"/natuurlijkPersoon/website"}},
    {R"("natuurlijkPersoon":{"website":"https://"})", {"/natuurlijkPersoon/website"}},
    {R"("natuurlijkPersoon":{"geslacht":"m"})", {"/natuurlijkPersoon/geslacht"}},
    {R"("natuurlijkPersoon":{"geslacht":""})", {"/natuurlijkPersoon/geslacht"}},
    {R"("natuurlijkPersoon":{"nationaliteit":"be"})", {"/natuurlijkPersoon/nationaliteit"}},
    {R"("natuurlijkPersoon":{"nationaliteit":"BEL"})", {"/natuurlijkPersoon/nationaliteit"}},
    {R"("natuurlijkPersoon":{"geboortedatum":"1968-9-05"})", {"/natuurlijkPersoon/geboortedatum"}},
    {R"("natuurlijkPersoon":{"geboortedatum":"1969-02-29"})", {"/natuurlijkPersoon/geboortedatum"}},
    {R"("natuurlijkPersoon":{"geboortedatum":19680905})", {"/natuurlijkPersoon/geboortedatum"}},
    {R"("natuurlijkPersoon":{"achternaam":null,"voornaam":[],"roepnaam":{}})",
     {"/natuurlijkPersoon/achternaam", "/natuurlijkPersoon/voornaam", "/natuurlijkPersoon/roepnaam"}},

    // Addresses.
    {R"("natuurlijkPersoon":{"officieelAdres":"x"})", {"/natuurlijkPersoon/officieelAdres"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"straat":1,"huisnummer":2,"busnummer":3}})",
     {"/natuurlijkPersoon/contactAdres/straat", "/natuurlijkPersoon/contactAdres/huisnummer",
      "/natuurlijkPersoon/contactAdres/busnummer"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"postcode":"2800"}})", {"/natuurlijkPersoon/contactAdres/postcode"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"postcode":"BE-280"}})", {"/natuurlijkPersoon/contactAdres/postcode"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"postcode":"BE-28000"}})", {"/natuurlijkPersoon/contactAdres/postcode"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"postcode":"BE-280A"}})", {"/natuurlijkPersoon/contactAdres/postcode"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"postcode":"be-2800"}})", {"/natuurlijkPersoon/contactAdres/postcode"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"postcode":"NL-"}})", {"/natuurlijkPersoon/contactAdres/postcode"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"postcode":"NL-1234567890123"}})",
     {"/natuurlijkPersoon/contactAdres/postcode"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"postcode":"NL-1\n2"}})", {"/natuurlijkPersoon/contactAdres/postcode"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"land":"België"}})", {"/natuurlijkPersoon/contactAdres/land"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"gemeente":""}})", {"/natuurlijkPersoon/contactAdres/gemeente"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"gemeente":"MECHELEN","land":"BE"}})",
     {"/natuurlijkPersoon/contactAdres/gemeente"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"gemeente":"2800-","land":"BE"}})",
     {"/natuurlijkPersoon/contactAdres/gemeente"}},
    {R"("natuurlijkPersoon":{"contactAdres":{"gemeente":"2800 MECHELEN","postcode":"BE-2800"}})",
     {"/natuurlijkPersoon/contactAdres/gemeente"}},

    // ervaringen.
    {R"("ervaringen":[{}])", {"/ervaringen/0/type"}},
    {R"("ervaringen":[{"type":"studie"}])", {"/ervaringen/0/type"}},
    {R"("ervaringen":[{"type":7}])", {"/ervaringen/0/type"}},
    {R"("ervaringen":[{"type":"stage","van":"2020-11"}])", {"/ervaringen/0/van"}},
    {R"("ervaringen":[{"type":"stage","tot":"2020-13-01"}])", {"/ervaringen/0/tot"}},
    {R"("ervaringen":[{"type":"stage","tot":"2020-01-01","van":"2020-01-02"}])", {"/ervaringen/0/tot"}},
    {R"("ervaringen":[{"type":"stage","functieTitel":0,"omschrijving":0}])",
     {"/ervaringen/0/functieTitel", "/ervaringen/0/omschrijving"}},
    {R"("ervaringen":[{"type":"stage","werkgever":"DSB Print"}])", {"/ervaringen/0/werkgever"}},
    {R"("ervaringen":[{"type":"stage","werkgever":{"naam":null}}])", {"/ervaringen/0/werkgever/naam"}},

    // opleidingen.
    {R"("opleidingen":[{"naam":"MAE5AHH"}])", {"/opleidingen/0/type"}},
    {R"("opleidingen":[{"type":"studie"}])", {"/opleidingen/0/naam"}},
    {R"("opleidingen":[{"type":"studie","naam":"MAE5AHX"}])", {"/opleidingen/0/naam"}},
    {R"("opleidingen":[{"type":"studie","naam":""}])", {"/opleidingen/0/naam"}},
    {R"("opleidingen":[{"type":"cursus","naam":1}])", {"/opleidingen/0/naam"}},
    {R"("opleidingen":[{"type":"cursus","info":false}])", {"/opleidingen/0/info"}},
    {R"("opleidingen":[{"type":"cursus","behaaldIn":1899}])", {"/opleidingen/0/behaaldIn"}},
    {R"("opleidingen":[{"type":"cursus","behaaldIn":2101}])", {"/opleidingen/0/behaaldIn"}},
    {R"("opleidingen":[{"type":"cursus","behaaldIn":2e3}])", {"/opleidingen/0/behaaldIn"}},
    {R"("opleidingen":[{"type":"cursus","behaaldIn":"2000"}])", {"/opleidingen/0/behaaldIn"}},
    {R"("opleidingen":[{"type":"cursus","behaaldOp":"2000"}])", {"/opleidingen/0/behaaldOp"}},
    {R"("opleidingen":[{"type":"cursus","behaaldIn":2000,"behaaldOp":"2001-01-01"}])", {"/opleidingen/0/behaaldIn"}},
    {R"("opleidingen":[{"type":"cursus","diploma":"true"}])", {"/opleidingen/0/diploma"}},
    {R"("opleidingen":[{"type":"cursus","diploma":1}])", {"/opleidingen/0/diploma"}},

    // attesteringen.
    {R"("attesteringen":[{"code":"B"}])", {"/attesteringen/0/type"}},
    {R"("attesteringen":[{"type":"rijbewijs"}])", {"/attesteringen/0/code"}},
    {R"("attesteringen":[{"type":"attest"}])", {"/attesteringen/0/code"}},
    {R"("attesteringen":[{"type":"rijbewijs","code":"b"}])", {"/attesteringen/0/code"}},
    {R"("attesteringen":[{"type":"rijbewijs","code":"ATT001"}])", {"/attesteringen/0/code"}},
    {R"("attesteringen":[{"type":"attest","code":"B"}])", {"/attesteringen/0/code"}},
    {R"("attesteringen":[{"type":"rijbewijs","code":"B","eigenWagen":"ja"}])", {"/attesteringen/0/eigenWagen"}},
    {R"("attesteringen":[{"eigenWagen":true,"code":"ATT001","type":"attest"}])", {"/attesteringen/0/eigenWagen"}},

    // competenties.
    {R"("competenties":[{}])", {"/competenties/0/type"}},
    {R"("competenties":[{"type":"taal","code":"N"}])", {"/competenties/0/type"}},
    {R"("competenties":[{"type":"talen"}])", {"/competenties/0/code"}},
    {R"("competenties":[{"type":"talen","code":"nl"}])", {"/competenties/0/code"}},
    {R"("competenties":[{"type":"talen","code":"N","niveau":"4"}])", {"/competenties/0/niveau"}},
    {R"("competenties":[{"type":"talen","code":"N","niveau":3}])", {"/competenties/0/niveau"}},
    {R"("competenties":[{"type":"talen","code":"N","score":"42"}])", {"/competenties/0/score"}},
    {R"("competenties":[{"type":"technischeCompetentie"}])", {"/competenties/0/code"}},
    {R"("competenties":[{"type":"technischeCompetentie","code":"N"}])", {"/competenties/0/code"}},
    {R"("competenties":[{"type":"technischeCompetentie","code":"11721","score":"44"}])", {"/competenties/0/score"}},
    {R"("competenties":[{"type":"technischeCompetentie","code":"11721","niveau":"3"}])", {"/competenties/0/niveau"}},
    {R"("competenties":[{"type":"softSkill"}])", {"/competenties/0/code"}},
    {R"("competenties":[{"type":"softSkill","code":"99"}])", {"/competenties/0/code"}},
    {R"("competenties":[{"niveau":"3","type":"softSkill","code":"12"}])", {"/competenties/0/niveau"}},
    {R"("competenties":[{"type":"softSkill","code":"12","naam":"x"}])", {"/competenties/0/naam"}},
    {R"("competenties":[{"type":"vrijeCompetentie"}])", {"/competenties/0/naam"}},
    {R"("competenties":[{"type":"vrijeCompetentie","naam":""}])", {"/competenties/0/naam"}},
    {R"("competenties":[{"type":"vrijeCompetentie","naam":"x","code":"12"}])", {"/competenties/0/code"}},
    {R"("competenties":[{"type":"vrijeCompetentie","naam":"x","beschrijving":1}])", {"/competenties/0/beschrijving"}},

    // gewensteJob.
    {R"("gewensteJob":{"arbeidsRegimes":["V","v"]})", {"/gewensteJob/arbeidsRegimes/1"}},
    {R"("gewensteJob":{"arbeidsRegimes":"V"})", {"/gewensteJob/arbeidsRegimes"}},
    {R"("gewensteJob":{"arbeidsStelsels":["X"]})", {"/gewensteJob/arbeidsStelsels/0"}},
    {R"("gewensteJob":{"regios":["BE231A","BE999"]})", {"/gewensteJob/regios/1"}},
    {R"("gewensteJob":{"regios":[null,["BE1"]]})", {"/gewensteJob/regios/0", "/gewensteJob/regios/1"}},
    {R"("gewensteJob":{"functies":{}})", {"/gewensteJob/functies"}},
    {R"("gewensteJob":{"functies":[{"titel":1}]})", {"/gewensteJob/functies/0/titel"}},
    {R"("gewensteJob":{"functies":[{"ervaring":"5"}]})", {"/gewensteJob/functies/0/ervaring"}},
    {R"("gewensteJob":{"functies":[{"ervaring":4}]})", {"/gewensteJob/functies/0/ervaring"}},
    {R"("gewensteJob":{"functies":[{"beroepsprofiel":"N130101-1"}]})", {"/gewensteJob/functies/0/beroepsprofiel"}},
    {R"("gewensteJob":{"functies":[{"beroepsprofiel":{}}]})", {"/gewensteJob/functies/0/beroepsprofiel/code"}},
    {R"("gewensteJob":{"functies":[{"beroepsprofiel":{"code":"N13"}}]})",
     {"/gewensteJob/functies/0/beroepsprofiel/code"}},

    // Members that stand twice.
    {R"("status":"OPEN")", {"/status"}},
    {R"("x":1,"x":1)", {"/x"}},
    {R"("x":1,"x":2,"x":3)", {"/x"}},
    {R"("x":1,"\u0078":2)", {"/x"}},
    {R"("natuurlijkPersoon":{"gsm":"1","gsm":"1"})", {"/natuurlijkPersoon/gsm"}},
    {R"("x":[0,{"y":{"a/b":1,"m~n":2,"a/b":3}}])", {"/x/1/y/a~1b"}},
    {R"("m~n":{"":1,"":2})", {"/m~0n/"}},
    {R"("persoonlijkeInteresse":{"a":{"b":1,"b":1}})", {"/persoonlijkeInteresse/a/b"}},
    {R"("iklId":{"a":1,"a":1})", {"/iklId", "/iklId/a"}},
    {R"("x":{"a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0,"h":0,"i":0,"j":0,"k":0,"l":0,"m":0,"n":0,"o":0,"p":0,"q":0,"k":0})",
     {"/x/k"}},
};

TEST(Rules, EachWrongMemberIsOneFaultWhereItStands) {
    for (const Case& wrong : wrong_members) {
        EXPECT_EQ(pointers_in(document_with(wrong.members)), wrong.pointers) << wrong.members;
    }
}

TEST(Rules, RightMembersPass) {
    for (
        const std::string_view right : {
            R"("iklId":0)",
            R"("iklId":9223372036854775807)",
            R"("natuurlijkPersoon":{"gsm":"+32 (0)477/00.01-01","telefoon":"","email":"a@b"})",
            R"("natuurlijkPersoon":{"website":"HTTP://example.com","geslacht":"X","nationaliteit":"XK"})",
            R"("natuurlijkPersoon":{"geboortedatum":"1968-02-29","roepnaam":""})",
            R"("natuurlijkPersoon":{"contactAdres":{"postcode":"NL-1012 AB","gemeente":"Amsterdam","land":"NL"}})",
            R"("natuurlijkPersoon":{"contactAdres":{"postcode":"XX-éééééééééééé","gemeente":"Amsterdam"}})",
            R"("natuurlijkPersoon":{"contactAdres":{"gemeente":"Gent"}})",
            R"("ervaringen":[],"opleidingen":[],"attesteringen":[],"competenties":[])",
            R"("ervaringen":[{"type":"vrijwilligerswerk","van":"2020-01-01","tot":"2020-01-01"}])",
            R"("opleidingen":[{"type":"cursus","naam":"Heftruck","behaaldIn":1900},{"type":"cursus","behaaldIn":2100}])",
            R"("opleidingen":[{"naam":"MAE5AHH","type":"studie","behaaldIn":2000,"behaaldOp":"2000-12-31"}])",
            R"("attesteringen":[{"type":"attest","code":"ATT001"},{"code":"B","type":"rijbewijs"}])",
            R"("competenties":[{"type":"softSkill","code":"12"},{"type":"softSkill","code":"12"}])",
            R"("competenties":[{"code":"11721","type":"technischeCompetentie","beschrijving":"sinds 2004"}])",
            R"("gewensteJob":{},"persoonlijkeInteresse":{})",
            R"("gewensteJob":{"arbeidsRegimes":[],"regios":["BE1","BE1"],"functies":[{},{"beroepsprofiel":{"code":"N130101-1"}}]})",
        }) {
        EXPECT_EQ(faults_in(document_with(right)), std::vector<Fault>{}) << right;
    }
}

TEST(Rules, IdStatusAndDateAreRequired) {
    EXPECT_THAT(pointers_in("{}"), ElementsAre("/cvId", "/status", "/wijzigingsDatum"));
    EXPECT_THAT(pointers_in(R"({"cvId":"cb60cf85","status":"open","wijzigingsDatum":"27-07-2022"})"),
                ElementsAre("/cvId", "/status", "/wijzigingsDatum"));
    EXPECT_THAT(pointers_in(R"({"cvId":null,"status":1,"wijzigingsDatum":[]})"),
                ElementsAre("/cvId", "/status", "/wijzigingsDatum"));
}

TEST(Rules, StatusIsAnyOfTheThree) {
    for (const std::string_view status : {"OPEN", "GESLOTEN", "VERWIJDERD"}) {
        const auto candidate = parse(std::string(R"({"cvId":"cb60cf85-1380-4a5a-adae-0b7bc6160661","status":")")
                                         .append(status)
                                         .append(R"(","wijzigingsDatum":"2022-07-27"})"));
        ASSERT_TRUE(candidate) << status;
        EXPECT_EQ(wire_name(candidate->status), status);
    }
    EXPECT_EQ(status_from_wire("open"), std::nullopt);
}

TEST(Rules, TextsAndListsHaveALength) {
    const auto with_title = [](std::size_t bytes) {
        return document_with(R"("ervaringen":[{"type":"stage","functieTitel":")" + std::string(bytes, 'x') + R"("}])");
    };
    EXPECT_THAT(pointers_in(with_title(10'000)), ElementsAre());
    EXPECT_THAT(pointers_in(with_title(10'001)), ElementsAre("/ervaringen/0/functieTitel"));

    const auto with_regions = [](std::size_t count) {
        std::string list = R"("BE1")";
        for (std::size_t i = 1; i < count; ++i) list += R"(,"BE1")";
        return document_with(R"("gewensteJob":{"regios":[)" + list + "]}");
    };
    EXPECT_THAT(pointers_in(with_regions(1000)), ElementsAre());
    EXPECT_THAT(pointers_in(with_regions(1001)), ElementsAre("/gewensteJob/regios"));
}

TEST(Rules, ALongNameIsAFaultOfItsObjectAndStandsInNoPointer) {
    const std::string name(1001, 'n');
    EXPECT_THAT(pointers_in(document_with(R"("x":{")" + name + R"(":{"a":1,"a":2}})")), ElementsAre("/x"));
    EXPECT_THAT(pointers_in(document_with("\"" + name + "\":1,\"" + name + "\":2")), ElementsAre(""));
    EXPECT_THAT(pointers_in(document_with("\"" + name.substr(1) + "\":1")), ElementsAre());
}

TEST(Rules, EveryFaultOfADocumentIsReportedAtOnce) {
    EXPECT_THAT(pointers_in(R"({"status":"OPEN","x":{"a":1,"a":2},
            "natuurlijkPersoon":{"gsm":"x","contactAdres":{"land":"be","postcode":"1"}},
            "ervaringen":[{"type":"stage"},{"van":"x"}],
            "competenties":[{"type":"softSkill","code":"12","niveau":"9"}],
            "gewensteJob":{"regios":["BE1","?"],"functies":[{"ervaring":"9","beroepsprofiel":{"code":"?"}}]}})"),
                ElementsAre("/x/a", "/natuurlijkPersoon/gsm", "/natuurlijkPersoon/contactAdres/land",
                            "/natuurlijkPersoon/contactAdres/postcode", "/ervaringen/1/van", "/ervaringen/1/type",
                            "/competenties/0/niveau", "/competenties/0/niveau", "/gewensteJob/regios/1",
                            "/gewensteJob/functies/0/ervaring", "/gewensteJob/functies/0/beroepsprofiel/code", "/cvId",
                            "/wijzigingsDatum"));
}

TEST(Rules, MoreFaultsThanTheLimitAreCounted) {
    ParseLimits limits;
    limits.faults = 3;
    const auto faults = faults_in(document_with(R"("gewensteJob":{"regios":[1,2,3,"x","y"]})"), limits);
    ASSERT_EQ(faults.size(), 4U);
    EXPECT_EQ(faults[2].pointer, "/gewensteJob/regios/2");
    EXPECT_EQ(faults[3].pointer, "");
    EXPECT_THAT(faults[3].message, HasSubstr("2 more"));
}

std::string only_message(std::string_view members) {
    const auto faults = faults_in(document_with(members));
    return faults.size() == 1 ? faults[0].message : "not one fault";
}

TEST(Rules, AnUnknownCodeNamesTheNearestOnes) {
    EXPECT_EQ(only_message(R"("opleidingen":[{"type":"studie","naam":"MAE5AHX"}])"),
              "'MAE5AHX' is no known diploma code; did you mean MAE5AHH?");
    EXPECT_EQ(only_message(R"("gewensteJob":{"regios":["BE9"]})"),
              "'BE9' is no known region code; take one from the reference data");
}

TEST(Rules, AMisplacedMemberIsToldWhereItBelongs) {
    EXPECT_THAT(only_message(R"("competenties":[{"type":"softSkill","code":"12","niveau":"3"}])"), HasSubstr("talen"));
    EXPECT_THAT(only_message(R"("attesteringen":[{"type":"attest","code":"ATT001","eigenWagen":true}])"),
                HasSubstr("rijbewijs"));
}

TEST(Rules, NullIsToldToBeLeftOut) {
    EXPECT_THAT(only_message(R"("iklId":null)"), HasSubstr("leave out"));
}

TEST(Rules, MessagesDoNotRepeatPersonalValues) {
    for (const std::string_view members : {
             R"("natuurlijkPersoon":{"gsm":"Secret"})",
             R"("natuurlijkPersoon":{"email":"Secret"})",
             R"("natuurlijkPersoon":{"website":"Secret"})",
             R"("natuurlijkPersoon":{"geboortedatum":"Secret"})",
             R"("natuurlijkPersoon":{"geslacht":"Secret"})",
             R"("natuurlijkPersoon":{"contactAdres":{"gemeente":"Secret","land":"BE"}})",
             R"("opleidingen":[{"type":"studie","naam":"Secret studies of a person"}])",
             R"("opleidingen":[{"type":"studie","naam":"Secret@mail.be"}])",
         }) {
        EXPECT_THAT(only_message(members), Not(HasSubstr("Secret"))) << members;
    }
    EXPECT_THAT(only_message(R"("gewensteJob":{"regios":["0477000101"]})"), Not(HasSubstr("0477")));
}

}  // namespace
}  // namespace cvstroom::candidate
