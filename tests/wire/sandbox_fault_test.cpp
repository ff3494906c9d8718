// A sandbox that misbehaves on request, over real TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/time.hpp"
#include "tests/support/command_line.hpp"
#include "tests/wire/answers.hpp"
#include "tests/wire/running_sandbox.hpp"

namespace cvstroom {
namespace {

using namespace std::chrono_literals;
using test::Ask;
using test::number;
using test::text;
using test::WireResponse;
using testing::HasSubstr;
using testing::Not;

constexpr const char* seed_id = "30dbfef1-59df-4521-a111-964bf0208e68";

std::string command(const std::string& arguments) {
    const auto outcome = test::run_shell(CVSTROOM_PROGRAM " " + arguments);
    return outcome.output + "exit " + std::to_string(outcome.code) + "\n";
}

class SandboxFaultTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        sandbox_ = std::make_unique<test::RunningSandbox>(std::vector<std::string>{"--cvs", "40", "--rate", "0"});
    }
    static void TearDownTestSuite() {
        EXPECT_EQ(sandbox_->stop(), 0) << sandbox_->log();
        sandbox_.reset();
    }
    void TearDown() override { EXPECT_EQ(ask("DELETE", "/storingen").status, 204U); }

    static WireResponse ask(const std::string& method, const std::string& path, const std::string& body = "",
                            std::vector<std::string> fields = {}) {
        return sandbox_->ask({method, "/sandbox/v1" + path, std::move(fields), body});
    }
    static void set(const std::string& faults) {
        const auto response = ask("PUT", "/storingen", R"({"storingen":[)" + faults + "]}");
        ASSERT_EQ(response.status, 200U) << response.body;
    }
    static WireResponse get(const std::string& path, std::vector<std::string> fields = {}) {
        return sandbox_->get(path, std::move(fields));
    }
    static WireResponse change(int n, int number = 0) {
        const std::string id = "0000000" + std::to_string(n) + "-0000-4000-8000-000000000000";
        return test::ask(sandbox_->administration_port(), sandbox_->administration_key(),
                         {"PUT",
                          "/beheer/v1/kandidaten/" + id,
                          {},
                          R"({"cvId":")" + id + R"(","status":"OPEN","wijzigingsDatum":"2026-02-13")" +
                              (number == 0 ? "}" : R"(,"iklId":)" + std::to_string(number) + "}")});
    }
    static std::string statuses(int count) {
        std::string all;
        for (int i = 0; i < count; ++i) all += get("/kandidaten?aantal=1").status == 500 ? 'x' : '.';
        return all;
    }

    static std::unique_ptr<test::RunningSandbox> sandbox_;
};

std::unique_ptr<test::RunningSandbox> SandboxFaultTest::sandbox_;

TEST_F(SandboxFaultTest, StrikesTheSameRequestsAgainBySeed) {
    set(R"({"soort":"fout","deel":50,"zaad":7})");
    const auto once = statuses(30);
    set(R"({"soort":"fout","deel":50,"zaad":7})");
    EXPECT_EQ(statuses(30), once);
    EXPECT_THAT(once, testing::AllOf(HasSubstr("x"), HasSubstr(".")));
    const auto state = ask("GET", "/storingen").body;
    EXPECT_EQ(number(state, "/storingen/0/bekeken"), 30);
    EXPECT_EQ(number(state, "/storingen/0/getroffen"), std::ranges::count(once, 'x'));
    EXPECT_EQ(text(state, "/storingen/0/gevallen/0/wat"), "/services/openservices/v1/kandidaten?aantal=1");
    set(R"({"soort":"fout","deel":50,"zaad":8})");
    EXPECT_NE(statuses(30), once);
}

TEST_F(SandboxFaultTest, AStormSaysHowLongToWaitAndSeesWhoDoesNot) {
    set(R"({"soort":"teVeel","deel":100,"pauze":1})");
    const auto storm = get("/kandidaten");
    EXPECT_EQ(storm.status, 429U);
    EXPECT_EQ(storm.field("Retry-After"), "1");
    EXPECT_EQ(text(storm.body, "/httpCode"), "429");
    std::this_thread::sleep_for(400ms);
    EXPECT_EQ(get("/kandidaten").status, 429U);
    EXPECT_THAT(ask("POST", "/controle", R"({"cvs":[]})").body, HasSubstr("wachttijdGenegeerd"));
}

TEST_F(SandboxFaultTest, CutsAnswersAndStreams) {
    set(R"({"soort":"afgebroken","deel":100})");
    EXPECT_THROW(get("/kandidaten?aantal=20"), std::runtime_error);
    EXPECT_THROW(get("/kandidaten/bulk?velden=*", {"Accept: application/x-ndjson"}), std::runtime_error);
    EXPECT_THROW(get(std::string("/kandidaten/") + seed_id), std::runtime_error);
    ask("DELETE", "/storingen");
    const auto stream = get("/kandidaten/bulk?velden=*", {"Accept: application/x-ndjson"});
    EXPECT_THAT(stream.body, HasSubstr("\"einde\":true"));
}

TEST_F(SandboxFaultTest, TakesItsTime) {
    set(R"({"soort":"traag","deel":100,"pauze":1})");
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(get("/kandidaten").status, 200U);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 1s);
}

TEST_F(SandboxFaultTest, ExpiresHistoryUntilTheClientStartsOver) {
    const auto cursor = text(get("/kandidaten/bulk").body, "/vervolg");
    set(R"({"soort":"verlopen"})");
    EXPECT_EQ(get("/kandidaten/bulk?vervolg=" + cursor).status, 410U);
    EXPECT_EQ(get("/kandidaten/bulk?van=2026-02-13T12:00:00Z").status, 410U);
    EXPECT_THAT(ask("POST", "/controle", R"({"cvs":[]})").body, HasSubstr("nietOpnieuwBegonnen"));
    EXPECT_EQ(get("/kandidaten/bulk").status, 200U);
    EXPECT_EQ(get("/kandidaten/bulk?vervolg=" + cursor).status, 200U);
}

// As a provider does: what was written after the backup is gone, in every resource, and versions count on from before.
TEST_F(SandboxFaultTest, Pitfall35_RestoresABackupAndSetsCvsBack) {
    const auto path = [](int n) { return "/kandidaten/0000000" + std::to_string(n) + "-0000-4000-8000-000000000000"; };
    const auto load = [] { return get("/kandidaten/bulk").body; };
    ASSERT_EQ(change(6).status, 201U);
    set(R"({"soort":"hersteld","pauze":2})");
    ASSERT_EQ(change(6, 7).status, 200U);
    ASSERT_EQ(change(7).status, 201U);
    EXPECT_EQ(get(path(6)).field("ETag"), "\"2\"") << "not yet";
    std::this_thread::sleep_for(700ms);  // the horizon follows the clock at half a second
    const auto before = load();
    std::this_thread::sleep_for(1500ms);

    const auto refused = get("/kandidaten/bulk?vervolg=" + text(before, "/vervolg"));
    EXPECT_EQ(refused.status, 410U);
    EXPECT_THAT(refused.body, HasSubstr("historyGone"));
    const auto after = load();
    EXPECT_NE(text(after, "/epoche"), text(before, "/epoche"));
    EXPECT_EQ(number(after, "/aantal"), number(before, "/aantal") - 1);
    EXPECT_EQ(get(path(6)).field("ETag"), "\"1\"");
    EXPECT_THAT(get(path(6)).body, Not(HasSubstr("iklId")));
    EXPECT_EQ(get(path(7)).status, 404U);
    EXPECT_EQ(number(get("/kandidaten?aantal=1").body, "/aantal"), number(after, "/aantal"));
    const auto followed = get("/kandidaten/bulk?vervolg=" + text(after, "/vervolg"));
    EXPECT_EQ(followed.status, 200U);
    EXPECT_EQ(text(followed.body, "/epoche"), text(after, "/epoche"));
    // Who kept what was written since is told so; who started over is right.
    const auto id = path(6).substr(12);
    EXPECT_THAT(ask("POST", "/controle", R"({"cvs":[{"cvId":")" + id + R"(","versie":2}]})").body,
                HasSubstr("onbekendeVersie"));
    EXPECT_THAT(ask("POST", "/controle", R"({"cvs":[{"cvId":")" + id + R"(","versie":1}]})").body,
                Not(HasSubstr("onbekendeVersie")));

    ask("DELETE", "/storingen");
    EXPECT_EQ(text(load(), "/epoche"), text(before, "/epoche"));
    EXPECT_EQ(get("/kandidaten/bulk?vervolg=" + text(after, "/vervolg")).status, 410U);
    EXPECT_EQ(get(path(6)).field("ETag"), "\"2\"") << "nobody else noticed";
}

TEST_F(SandboxFaultTest, Pitfall29_TurnsTheClockBackAnHour) {
    set(R"({"soort":"uurwissel","pauze":1})");
    const auto summer = text(get("/kandidaten/bulk").body, "/tot");
    EXPECT_THAT(summer, HasSubstr("+02:00"));
    std::this_thread::sleep_for(2s);
    const auto winter = text(get("/kandidaten/bulk").body, "/tot");
    EXPECT_THAT(winter, HasSubstr("+01:00"));
    EXPECT_LT(winter.substr(0, 19), summer.substr(0, 19)) << "as text it went back";
    EXPECT_GT(parse_instant(winter).value(), parse_instant(summer).value());
    // Both are understood as `van`, with their '+' encoded as in any query.
    for (auto van : {summer, winter}) {
        van.replace(van.find('+'), 1, "%2B");
        EXPECT_EQ(get("/kandidaten/bulk?van=" + van).status, 200U);
    }
}

TEST_F(SandboxFaultTest, Pitfall01_ShowsChangesLate) {
    set(R"({"soort":"teLaat","deel":100,"pauze":1})");
    auto page = get("/kandidaten/bulk?aantal=1000").body;
    const auto from = text(page, "/tot");
    ASSERT_EQ(change(1).status, 201U);
    std::this_thread::sleep_for(700ms);  // the horizon follows the clock at half a second
    page = get("/kandidaten/bulk?vervolg=" + text(page, "/vervolg")).body;
    EXPECT_EQ(number(page, "/aantal"), 0) << page;
    const auto covered = text(page, "/tot");
    std::this_thread::sleep_for(1100ms);
    page = get("/kandidaten/bulk?vervolg=" + text(page, "/vervolg")).body;
    ASSERT_EQ(number(page, "/aantal"), 1) << page;
    EXPECT_LT(text(page, "/resultaten/0/gewijzigdOp"), covered) << "an earlier instant than what was covered";
    const auto window = get("/kandidaten/bulk?van=" + from + "&tot=" + covered).body;
    EXPECT_EQ(number(window, "/aantal"), 1) << "who looks back finds it";
}

TEST_F(SandboxFaultTest, LeavesOtherKeysAlone) {
    auto other = command("key issue --database " + sandbox_->database() + " --partner Other --sandbox 2>/dev/null");
    other = other.substr(0, other.find('\n'));
    set(R"({"soort":"fout","deel":100})");
    EXPECT_EQ(get("/kandidaten").status, 500U);
    for (int tries = 0; tries < 40; ++tries) {
        const auto answer = test::ask(sandbox_->port(), other, {"GET", "/services/openservices/v1/kandidaten", {}, ""});
        ASSERT_NE(answer.status, 500U);
        if (answer.status == 200) return;
        std::this_thread::sleep_for(50ms);
    }
    FAIL() << "the other key was never served";
}

TEST_F(SandboxFaultTest, SaysWhatIsWrongWithAFault) {
    const auto refused = [](const std::string& body) {
        return ask("PUT", "/storingen", body, {"Accept-Language: en"});
    };
    EXPECT_THAT(refused("{").body, HasSubstr("no JSON object"));
    EXPECT_THAT(refused("{}").body, HasSubstr("is missing"));
    EXPECT_THAT(refused(R"({"storingen":[{"soort":"regen"}]})").body, HasSubstr("teVeel"));
    EXPECT_THAT(refused(R"({"storingen":[{"soort":"fout","deel":0}]})").body, HasSubstr("from 1 to 100"));
    EXPECT_THAT(refused(R"({"storingen":[{"soort":"fout","pauze":3}]})").body, HasSubstr("/storingen/0/pauze"));
    EXPECT_THAT(refused(R"({"storingen":[{"soort":"fout"},{"soort":"fout"}]})").body, HasSubstr("is there already"));
    EXPECT_THAT(refused(R"({"storingen":[7]})").body, HasSubstr("/storingen/0/soort"));
    EXPECT_EQ(refused(R"({"storingen":[],"x":1})").status, 400U);
    EXPECT_EQ(ask("PATCH", "/storingen").status, 405U);
    EXPECT_EQ(ask("GET", "/anders").status, 404U);
    EXPECT_EQ(test::ask(sandbox_->port(), "wrong", {"GET", "/sandbox/v1/storingen", {}, ""}).status, 401U);
}

TEST_F(SandboxFaultTest, TheCommandLineDoesTheSame) {
    const auto where =
        " --folder " + sandbox_->folder() + " --url https://localhost:" + std::to_string(sandbox_->port());
    EXPECT_THAT(command("sandbox fault" + where), HasSubstr("The sandbox behaves."));
    EXPECT_THAT(command("sandbox fault fout traag --share 100 --pause 1" + where), HasSubstr("fout "));
    EXPECT_EQ(get("/kandidaten").status, 500U);
    EXPECT_THAT(command("sandbox fault --json" + where), HasSubstr("\"getroffen\":1"));
    EXPECT_THAT(command("sandbox fault --off" + where), HasSubstr("The sandbox behaves."));
    EXPECT_EQ(get("/kandidaten").status, 200U);
    EXPECT_THAT(command("sandbox fault regen" + where + " 2>&1"), HasSubstr("exit 2"));
    EXPECT_THAT(command("sandbox fault --url https://localhost:1 --folder " + sandbox_->folder() + " 2>&1"),
                testing::AllOf(HasSubstr("is the sandbox running?"), HasSubstr("exit 1")));
}

}  // namespace
}  // namespace cvstroom
