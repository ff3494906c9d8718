// The reference API over real TLS, and lists that are replaced while the program runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <thread>

#include "tests/support/command_line.hpp"
#include "tests/wire/answers.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::soon;
using test::text;
using test::WireResponse;
using testing::HasSubstr;
using testing::Not;

class ReferenceApi : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        program_ = std::make_unique<test::RunningProgram>(std::vector<std::string>{
            R"({"cvId":"00000001-0000-4000-8000-000000000000","status":"OPEN","wijzigingsDatum":"2026-02-13",)"
            R"("competenties":[{"type":"talen","code":"N","niveau":"3"}]})"});
    }
    static void TearDownTestSuite() {
        EXPECT_EQ(program_->stop(), 0) << program_->log();
        program_.reset();
    }
    static WireResponse get(const std::string& path, std::vector<std::string> fields = {}) {
        return ask(program_->port(), program_->reference_key(),
                   {"GET", "/services/openservices" + path, std::move(fields), ""});
    }
    static std::size_t size(const WireResponse& response) {
        simdjson::dom::parser parser;
        simdjson::dom::array array;
        EXPECT_EQ(parser.parse(response.body).get(array), simdjson::SUCCESS) << response.body;
        return array.size();
    }
    // Runs 'cvstroom reference …' on the database that is being served; its output and exit code.
    static std::pair<int, std::string> reference(const std::string& arguments) {
        const auto action = arguments.substr(0, arguments.find(' '));
        const auto rest = arguments.substr(action.size());
        const std::string line = std::string(CVSTROOM_PROGRAM) + " reference " + action + " --database " +
                                 program_->database() + rest + " 2>&1";
        const auto outcome = test::run_shell(line);
        return {outcome.code, outcome.output};
    }
    static std::string write(const std::string& name, const std::string& content) {
        const auto file = folder_ / name;
        std::ofstream(file, std::ios::binary) << content;
        return file.string();
    }

    static std::unique_ptr<test::RunningProgram> program_;
    static test::TemporaryFolder folder_;
};

std::unique_ptr<test::RunningProgram> ReferenceApi::program_;
test::TemporaryFolder ReferenceApi::folder_;

TEST_F(ReferenceApi, LooksADiplomaUp) {
    const auto response = get("/v2/diplomas?trefwoord=Handelsingenieur");
    EXPECT_EQ(response.status, 200U) << response.body;
    EXPECT_EQ(size(response), 10U);
    EXPECT_EQ(text(response, "/1/code"), "MAE5AHH");
    EXPECT_EQ(text(response, "/1/label"), "Master TEW: Handelsingenieur");
    EXPECT_EQ(text(response, "/0/omgezetNaar"), "MAE5AHH");
    EXPECT_FALSE(response.field("ETag").empty());
    EXPECT_THAT(response.field("Cache-Control"), HasSubstr("max-age"));
}

TEST_F(ReferenceApi, GivesEveryListWholeAsABareArray) {
    for (const char* path :
         {"/v2/diplomas", "/v1/studieboom", "/v1/rijbewijzen", "/v1/softskills", "/v1/talen", "/v1/competenties",
          "/v1/beroepen", "/v1/regios", "/v1/gemeenten", "/v1/arbeidsregimes", "/v1/arbeidsstelsels",
          "/v1/arbeidscontracten", "/v1/jobdomeinen", "/v1/attesten", "/v1/ervaringsniveaus"}) {
        const auto response = get(path);
        EXPECT_EQ(response.status, 200U) << path;
        EXPECT_GE(size(response), 2U) << path;
        EXPECT_FALSE(text(response, "/0/code").empty()) << path;
        EXPECT_FALSE(text(response, "/0/label").empty()) << path;
    }
    EXPECT_THAT(get("/v1/studieboom").body, HasSubstr(R"("bruikbaarInCvApi":false)"));
    EXPECT_THAT(get("/v2/diplomas").body, Not(HasSubstr("bruikbaarInCvApi")));
    EXPECT_EQ(get("/v1/diplomas").status, 404U);
    EXPECT_EQ(get("/v2/talen").status, 404U);
}

TEST_F(ReferenceApi, SpeaksTheCallersLanguageWhereItCan) {
    const auto french = get("/v1/regios?trefwoord=BE10", {"Accept-Language: fr"});
    EXPECT_EQ(text(french, "/0/label"), "Région de Bruxelles-Capitale");
    EXPECT_EQ(text(french, "/0/labels/nl"), "Brussels Hoofdstedelijk Gewest");
    EXPECT_EQ(french.field("Content-Language"), "fr");
    EXPECT_EQ(text(french, "/0/ouders/0"), "BE1");
    EXPECT_EQ(text(french, "/0/ouders/1"), "BE");
    EXPECT_EQ(text(get("/v1/talen?trefwoord=Nederlands", {"Accept-Language: fr"}), "/0/label"), "Néerlandais");
    EXPECT_EQ(text(get("/v1/talen?trefwoord=Nederlands", {"Accept-Language: en"}), "/0/label"), "Nederlands")
        << "Dutch where there is no English label";
    const auto diploma = get("/v2/diplomas?trefwoord=ing%C3%A9nieur%20de%20gestion", {"Accept-Language: fr"});
    EXPECT_EQ(size(diploma), 10U);
    EXPECT_THAT(diploma.body, HasSubstr(R"("code":"MAE5AHH")"));
    EXPECT_EQ(text(diploma, "/0/label"), "Ingénieur de gestion");
}

TEST_F(ReferenceApi, AnswersNotModifiedToWhoHasTheList) {
    for (const char* path : {"/v1/competenties", "/v1/competenties?trefwoord=lassen"}) {
        const auto packed = get(path, {"Accept-Encoding: gzip"});
        EXPECT_EQ(packed.status, 200U);
        const std::string held = "If-None-Match: " + std::string(packed.field("ETag"));
        EXPECT_EQ(get(path, {held}).status, 304U) << path;
        EXPECT_EQ(get(path, {held, "Accept-Encoding: zstd"}).status, 304U);
        EXPECT_EQ(get(path, {"If-None-Match: \"0123456789abcdef\""}).status, 200U);
    }
}

TEST_F(ReferenceApi, RefusesWhatItDoesNotKnow) {
    const auto unknown = get("/v1/talen?zoek=x");
    EXPECT_EQ(unknown.status, 400U);
    EXPECT_THAT(unknown.body, HasSubstr("unknownInput"));
    EXPECT_EQ(get("/v1/talen?trefwoord=").status, 400U);
    EXPECT_EQ(get("/v1/talen?trefwoord=a&trefwoord=b").status, 400U);
    EXPECT_EQ(get("/v1/talen?trefwoord=" + std::string(101, 'a')).status, 400U);
    EXPECT_EQ(get("/v1/talen?trefwoord=%FF").status, 400U);
    EXPECT_EQ(ask(program_->port(), program_->key(), {"GET", "/services/openservices/v1/talen", {}, ""}).status, 403U);
    EXPECT_EQ(ask(program_->port(), "", {"GET", "/services/openservices/v1/talen", {}, ""}).status, 401U);
    EXPECT_EQ(
        ask(program_->port(), program_->reference_key(), {"POST", "/services/openservices/v1/talen", {}, "{}"}).status,
        405U);
}

TEST_F(ReferenceApi, TakesUpAListThatTheProviderLoadsAndKeepsItAfterARestart) {
    const auto file = write("softskills.tsv",
                            "code\tlabel_nl\tlabel_fr\tgeldig_tot\n1\tGeduld\tPatience\t\n99\tVroeger\t\t2020-01-01\n");
    const auto [code, output] = reference("load softskills " + file + " --by 'An Tester'");
    EXPECT_EQ(code, 0) << output;
    EXPECT_THAT(output, HasSubstr("version 1: 2 codes"));
    EXPECT_TRUE(soon([] { return size(get("/v1/softskills")) == 2; })) << "a running server takes it up";
    const auto list = get("/v1/softskills", {"Accept-Language: fr"});
    EXPECT_EQ(text(list, "/0/label"), "Patience");
    EXPECT_THAT(list.body, HasSubstr(R"("geldig":false,"geldigTot":"2020-01-01")"));
    // Search knows the new code, and the old ones no longer.
    const auto search = [](const std::string& soft_skill) {
        return ask(program_->port(), program_->key(),
                   {"GET", "/services/openservices/v1/kandidaten?softSkills=" + soft_skill, {}, ""})
            .status;
    };
    EXPECT_EQ(search("99"), 200U);
    EXPECT_EQ(search("2"), 400U);
    // So does validation.
    const auto put = [](const std::string& soft_skill) {
        return ask(program_->administration_port(), program_->administration_key(),
                   {"PUT",
                    "/beheer/v1/kandidaten/00000002-0000-4000-8000-000000000000",
                    {},
                    R"({"cvId":"00000002-0000-4000-8000-000000000000","status":"OPEN","wijzigingsDatum":"2026-02-13",)"
                    R"("competenties":[{"type":"softSkill","code":")" +
                        soft_skill + R"("}]})"})
            .status;
    };
    EXPECT_EQ(put("99"), 201U);
    EXPECT_EQ(put("2"), 400U);
    program_->stop();
    program_->start();
    EXPECT_EQ(size(get("/v1/softskills")), 2U);
    EXPECT_EQ(reference("reset softskills").first, 1) << "code 99 is used now";
    EXPECT_EQ(reference("reset softskills --force").first, 0);
    EXPECT_TRUE(soon([] { return size(get("/v1/softskills")) > 2; }));
    EXPECT_THAT(reference("list softskills --json").second, HasSubstr(R"("by":"An Tester")"));
}

TEST_F(ReferenceApi, SaysWhichUsedCodesAListDropsAndLoadsNothing) {
    const auto file = write("talen.tsv", "code\tlabel_nl\nF\tFrans\n");
    const auto [code, output] = reference("load talen " + file);
    EXPECT_EQ(code, 1);
    EXPECT_THAT(output, HasSubstr("N is used by 1 published CV(s)"));
    EXPECT_THAT(output, HasSubstr("nothing was loaded"));
    EXPECT_THAT(reference("list talen").second, Not(HasSubstr("version")));
}

WireResponse provide(const test::RunningProgram& program, const std::string& method, const std::string& rest,
                     const std::string& body = "") {
    return ask(program.administration_port(), program.administration_key(),
               {method, "/beheer/v1/lijsten" + rest, {"Accept-Language: en"}, body});
}

TEST_F(ReferenceApi, TakesAListOnTheProvidersListenerAfterSayingWhatWouldChange) {
    const std::string file = "code\tlabel_nl\n1\tEen\n2\tTwee, anders\n77\tNieuw\n";
    provide(*program_, "PUT", "/attesten", "code\tlabel_nl\n1\tEen\n2\tTwee\n3\tDrie\n");
    ASSERT_TRUE(soon(
        [] { return size(get("/v1/attesten")) == 3 && get("/v1/attesten").body.find("Drie") != std::string::npos; }));
    const auto trial = provide(*program_, "PUT", "/attesten?proef=true", file);
    EXPECT_EQ(trial.status, 200U) << trial.body;
    EXPECT_THAT(trial.body,
                HasSubstr(R"("lijst":"attesten","proef":true,"aantal":3,)"
                          R"("toegevoegd":{"aantal":1,"codes":["77"]},"gewijzigd":{"aantal":1,"codes":["2"]},)"
                          R"("vervallen":{"aantal":1,"codes":["3"]},"inGebruik":{})"));
    EXPECT_THAT(get("/v1/attesten").body, Not(HasSubstr("Nieuw"))) << "a trial loads nothing";
    const auto loaded = provide(*program_, "PUT", "/attesten", file);
    EXPECT_EQ(loaded.status, 200U) << loaded.body;
    EXPECT_EQ(text(loaded, "/gewijzigd/codes/0"), "2");
    EXPECT_TRUE(soon([] { return get("/v1/attesten").body.find("Nieuw") != std::string::npos; }));
    const auto versions = provide(*program_, "GET", "/attesten");
    EXPECT_THAT(versions.body, HasSubstr(R"("versie":2,"aantal":3)"));
    EXPECT_THAT(text(versions, "/1/door"), HasSubstr("cvs_")) << "who loaded it is on record";
    EXPECT_EQ(reference("reset attesten").first, 0);
}

TEST_F(ReferenceApi, ChecksTheNextDocumentWithAListThatWasJustLoaded) {
    const auto document = [](const std::string& code) {
        return R"({"cvId":"00000003-0000-4000-8000-000000000000","status":"OPEN","wijzigingsDatum":"2026-02-13",)"
               R"("competenties":[{"type":"softSkill","code":")" +
               code + R"("}]})";
    };
    const auto ask_provider = [](const std::string& method, const std::string& path, const std::string& body) {
        return ask(program_->administration_port(), program_->administration_key(), {method, path, {}, body});
    };
    const std::string one = "/beheer/v1/kandidaten/00000003-0000-4000-8000-000000000000";
    for (int round = 0; round < 5; ++round) {
        const std::string name = std::to_string(1000 + round);
        EXPECT_EQ(provide(*program_, "PUT", "/softskills", "code\tlabel_nl\n" + name + "\tA\n").status, 200U);
        EXPECT_EQ(ask_provider("PUT", one, document(name)).status, 201U);
        EXPECT_EQ(ask_provider("DELETE", one, "").status, 200U);
        EXPECT_EQ(provide(*program_, "PUT", "/softskills", "code\tlabel_nl\n1\tA\n").status, 200U);
        EXPECT_EQ(ask_provider("PUT", one, document(name)).status, 400U);
        EXPECT_THAT(ask_provider("POST", "/beheer/v1/kandidaten", document(name)).body, HasSubstr("GEWEIGERD"));
    }
    EXPECT_EQ(reference("reset softskills").first, 0);
}

TEST_F(ReferenceApi, GoesBackToTheShippedListOnTheProvidersListener) {
    const auto shipped = size(get("/v1/jobdomeinen"));
    ASSERT_EQ(provide(*program_, "PUT", "/jobdomeinen", "code\tlabel_nl\nZ9\tNieuw\n").status, 200U);
    ASSERT_TRUE(soon([] { return size(get("/v1/jobdomeinen")) == 1; }));
    const auto trial = provide(*program_, "DELETE", "/jobdomeinen?proef=true");
    EXPECT_EQ(trial.status, 200U) << trial.body;
    EXPECT_THAT(trial.body, HasSubstr(R"("vervallen":{"aantal":1,"codes":["Z9"]})"));
    EXPECT_EQ(size(get("/v1/jobdomeinen")), 1U) << "a trial resets nothing";
    const auto reset = provide(*program_, "DELETE", "/jobdomeinen");
    EXPECT_EQ(reset.status, 200U) << reset.body;
    EXPECT_THAT(reset.body, HasSubstr(R"("versie":2,"aantal":)" + std::to_string(shipped)));
    EXPECT_TRUE(soon([&] { return size(get("/v1/jobdomeinen")) == shipped; }));
    const auto versions = provide(*program_, "GET", "/jobdomeinen");
    EXPECT_THAT(versions.body, HasSubstr(R"("meegeleverd":true)")) << "the versions before it are kept";
    EXPECT_THAT(text(versions, "/1/door"), HasSubstr("cvs_")) << "who did it is on record";
    EXPECT_EQ(provide(*program_, "DELETE", "/jobdomeinen?dwang=true").status, 400U);
    EXPECT_EQ(provide(*program_, "DELETE", "/bananen").status, 404U);
}

TEST_F(ReferenceApi, DoesNotGoBackToAShippedListThatLacksUsedCodesUnlessForcedTo) {
    const auto put = [](const std::string& attest) {
        return ask(program_->administration_port(), program_->administration_key(),
                   {"PUT",
                    "/beheer/v1/kandidaten/00000004-0000-4000-8000-000000000000",
                    {},
                    R"({"cvId":"00000004-0000-4000-8000-000000000000","status":"OPEN","wijzigingsDatum":"2026-02-13",)"
                    R"("attesteringen":[)" +
                        attest + "]}"})
            .status;
    };
    ASSERT_EQ(provide(*program_, "PUT", "/rijbewijzen?afdwingen=true", "code\tlabel_nl\nQ9\tLuchtschip\n").status,
              200U);
    ASSERT_TRUE(soon([&] { return put(R"({"type":"rijbewijs","code":"Q9"})") < 300; }));
    const auto refused = provide(*program_, "DELETE", "/rijbewijzen");
    EXPECT_EQ(refused.status, 409U) << refused.body;
    EXPECT_THAT(refused.body, HasSubstr(R"("inGebruik":{"Q9":1})"));
    EXPECT_EQ(size(get("/v1/rijbewijzen")), 1U);
    EXPECT_EQ(provide(*program_, "DELETE", "/rijbewijzen?afdwingen=true").status, 200U);
    EXPECT_TRUE(soon([] { return size(get("/v1/rijbewijzen")) > 1; }));
}

TEST_F(ReferenceApi, RefusesAListOnTheProvidersListenerWithTheReasonAndLoadsNothing) {
    const auto drops = provide(*program_, "PUT", "/talen", "code\tlabel_nl\nF\tFrans\n");
    EXPECT_EQ(drops.status, 409U) << drops.body;
    EXPECT_THAT(drops.body, HasSubstr(R"("inGebruik":{"N":1})"));
    EXPECT_EQ(provide(*program_, "PUT", "/talen?proef=true", "code\tlabel_nl\nF\tFrans\n").status, 200U);
    const auto broken = provide(*program_, "PUT", "/talen", "code\tlabel_nl\nN\tNederlands\nN\tNoors\n");
    EXPECT_EQ(broken.status, 400U);
    EXPECT_THAT(broken.body, HasSubstr("talen:3: code N stands on line 2 too"));
    EXPECT_EQ(provide(*program_, "PUT", "/talen", "").status, 400U);
    EXPECT_EQ(provide(*program_, "PUT", "/talen?dwang=ja", "x").status, 400U);
    EXPECT_EQ(provide(*program_, "PUT", "/talen?proef=misschien", "x").status, 400U);
    EXPECT_THAT(provide(*program_, "PUT", "/bananen", "x").body, HasSubstr("there are:"));
    EXPECT_EQ(provide(*program_, "PUT", "/bananen", "x").status, 404U);
    EXPECT_EQ(provide(*program_, "POST", "/talen").status, 405U);
    EXPECT_EQ(
        ask(program_->administration_port(), program_->key(), {"PUT", "/beheer/v1/lijsten/talen", {}, "x"}).status,
        403U);
    EXPECT_THAT(get("/v1/talen").body, HasSubstr("Nederlands"));
    EXPECT_EQ(provide(*program_, "GET", "/talen").body, "[]");
}

TEST_F(ReferenceApi, RefusesABrokenFileWithLineAndReason) {
    const auto repeated = reference("load talen " + write("a.tsv", "code\tlabel_nl\nN\tNederlands\nN\tNoors\n"));
    EXPECT_EQ(repeated.first, 1);
    EXPECT_THAT(repeated.second, HasSubstr("a.tsv:3: code N stands on line 2 too"));
    EXPECT_THAT(reference("load talen " + write("b.tsv", "code\tlabel_nl\nN\n")).second, HasSubstr("b.tsv:2: 1 cells"));
    EXPECT_THAT(reference("load talen " + write("c.tsv", "code\tlabel_nl\nN\t\xFF\n")).second,
                HasSubstr("c.tsv:2: this line is not UTF-8"));
    EXPECT_THAT(reference("load talen " + write("d.tsv", "")).second, HasSubstr("empty"));
    EXPECT_THAT(reference("load talen /nowhere.tsv").second, HasSubstr("cannot be read"));
    EXPECT_THAT(reference("load bananen " + write("e.tsv", "code\tlabel_nl\nN\tN\n")).second,
                HasSubstr("there is no list 'bananen'"));
    EXPECT_THAT(reference("show talen").second, HasSubstr("Nederlands"));
}

}  // namespace
}  // namespace cvstroom
