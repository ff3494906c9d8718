// The check of a client that a sandbox does, over real TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <chrono>
#include <thread>

#include "tests/support/command_line.hpp"
#include "tests/wire/answers.hpp"
#include "tests/wire/running_sandbox.hpp"

namespace cvstroom {
namespace {

using namespace std::chrono_literals;
using test::text;
using testing::HasSubstr;

constexpr const char* seed_id = "30dbfef1-59df-4521-a111-964bf0208e68";

std::string command(const std::string& arguments) {
    const auto outcome = test::run_shell(CVSTROOM_PROGRAM " " + arguments);
    return outcome.output + "exit " + std::to_string(outcome.code) + "\n";
}

std::string held(const std::vector<std::pair<std::string, int>>& list) {
    std::string lines;
    for (const auto& [id, version] : list) {
        lines += R"({"cvId":")" + id + R"(","versie":)" + std::to_string(version) + "}\n";
    }
    return lines;
}

class SandboxCheckTest : public testing::Test {
  protected:
    test::RunningSandbox sandbox_{{"--cvs", "5", "--rate", "0"}};

    std::string check(const std::string& body, const std::string& query = "") {
        return sandbox_
            .ask({"POST",
                  "/sandbox/v1/controle" + query,
                  {"Content-Type: application/x-ndjson", "Accept-Language: en"},
                  body})
            .body;
    }
    void administer(const std::string& method, const std::string& id, const std::string& body = "") {
        const auto response = test::ask(sandbox_.administration_port(), sandbox_.administration_key(),
                                        {method, "/beheer/v1/kandidaten/" + id, {}, body});
        ASSERT_LT(response.status, 300U) << response.body;
    }
    // What a right copy holds, by a first load.
    std::vector<std::pair<std::string, int>> load() {
        const auto page = sandbox_.get("/kandidaten/bulk").body;
        simdjson::dom::parser parser;
        std::vector<std::pair<std::string, int>> list;
        simdjson::dom::array results = parser.parse(page)["resultaten"];
        for (const simdjson::dom::element each : results) {
            list.emplace_back(std::string_view(each["cvId"]), static_cast<int>(std::int64_t(each["versie"])));
        }
        cursor_ = text(page, "/vervolg");
        return list;
    }
    std::string cursor_;
};

TEST_F(SandboxCheckTest, SaysOfARightCopyThatItIsEqual) {
    const auto list = load();
    ASSERT_EQ(list.size(), 13U);
    EXPECT_THAT(check(held(list)), HasSubstr(R"({"gelijk":true,"gehouden":13,"verwacht":13,"bevindingen":[]})"));
    EXPECT_THAT(check(held(list), "?vervolg=" + cursor_), HasSubstr("\"gelijk\":true"));
}

TEST_F(SandboxCheckTest, SaysWhatIsWrongWithACopy) {
    auto list = load();
    const auto right = list;
    const std::string changed = list[0].first;
    administer("PUT", changed, R"({"cvId":")" + changed + R"(","status":"OPEN","wijzigingsDatum":"2026-02-14"})");
    administer("DELETE", list[1].first);
    administer("PUT", list[2].first,
               R"({"cvId":")" + list[2].first + R"(","status":"GESLOTEN","wijzigingsDatum":"2026-02-14"})");
    // At the position that it says it has reached, it is right.
    EXPECT_THAT(check(held(list), "?vervolg=" + cursor_), HasSubstr("\"gelijk\":true"));
    list[3].second = 9;
    list[4] = list[5];
    list.emplace_back("00000000-0000-4000-8000-00000000abcd", 1);
    const auto report = check(held(list));
    EXPECT_THAT(report, HasSubstr("\"gelijk\":false"));
    EXPECT_THAT(report, HasSubstr(R"({"soort":"verouderd","ernst":"fout","aantal":1)"));
    EXPECT_THAT(report, HasSubstr(R"({"soort":"gewisteCvBehouden","ernst":"fout","aantal":1)"));
    EXPECT_THAT(report, HasSubstr(R"({"soort":"gemisteIntrekking","ernst":"fout","aantal":1)"));
    EXPECT_THAT(report, HasSubstr(R"({"soort":"onbekendeVersie","ernst":"fout","aantal":1)"));
    EXPECT_THAT(report, HasSubstr(R"({"soort":"dubbel","ernst":"fout","aantal":1)"));
    EXPECT_THAT(report, HasSubstr(R"({"soort":"gemisteCv","ernst":"fout","aantal":1)"));
    EXPECT_THAT(report, HasSubstr(R"({"soort":"onbekendeCv","ernst":"fout","aantal":1)"));
    EXPECT_THAT(report, HasSubstr("CVs were erased (VERWIJDERD) and you still hold them"));
    // Once the feed has told of it, it is missed; once the document was delivered, it was written in the wrong order.
    std::this_thread::sleep_for(700ms);
    sandbox_.get("/kandidaten/bulk?vervolg=" + cursor_);
    EXPECT_THAT(check(held(right)), HasSubstr("gemisteWijziging"));
    sandbox_.get("/kandidaten/" + changed);
    EXPECT_THAT(check(held(right)), HasSubstr("verkeerdeVolgorde"));
}

TEST_F(SandboxCheckTest, SeesHowTheClientCalled) {
    const auto list = load();
    sandbox_.get("/kandidaten/bulk?aantal=2");
    EXPECT_THAT(check(held(list)), HasSubstr("nooitLaatste"));
    sandbox_.get("/kandidaten/bulk?van=2026-02-13T12:00:00Z");
    EXPECT_THAT(check(held(list)), testing::AllOf(HasSubstr("vervolgNietGevolgd"), HasSubstr("overlap")));
    sandbox_.get("/kandidaten/" + list[0].first);
    sandbox_.get("/kandidaten/" + list[0].first);
    EXPECT_THAT(check(held(list)), HasSubstr("onnodigeDetails"));
    EXPECT_THAT(check(held(list)), HasSubstr("\"gelijk\":true")) << "badly called, but right all the same";
}

TEST_F(SandboxCheckTest, SaysWhatIsWrongWithAQuestion) {
    EXPECT_THAT(check("{"), HasSubstr("\"name\":\"/1\""));
    EXPECT_THAT(check("\n{\"cvId\":\"x\",\"versie\":1}"), HasSubstr("\"name\":\"/2/cvId\""));
    EXPECT_THAT(check(held({{seed_id, 1}}) + R"({"cvId":")" + seed_id + "\"}"), HasSubstr("\"name\":\"/2/versie\""));
    EXPECT_THAT(check("", "?vervolg=abc"), HasSubstr("\"name\":\"vervolg\""));
    EXPECT_THAT(check("", "?tot=2026-02-13"), HasSubstr("\"name\":\"tot\""));
    EXPECT_THAT(check("", "?tot=2026-02-13T12:00:00Z&vervolg=abc"), HasSubstr("not both"));
    EXPECT_THAT(check("", "?wat=1"), HasSubstr("unknown parameter"));
    const auto half = text(sandbox_.get("/kandidaten/bulk?aantal=2").body, "/vervolg");
    EXPECT_THAT(check("", "?vervolg=" + half), HasSubstr("middle of a window"));
    for (const auto& [language, detail] :
         {std::pair{"nl", "midden in een venster"}, {"fr", "au milieu d'une fenêtre"}}) {
        const auto answer =
            sandbox_.ask({"POST",
                          "/sandbox/v1/controle?vervolg=" + half,
                          {"Content-Type: application/x-ndjson", std::string("Accept-Language: ") + language},
                          ""});
        EXPECT_THAT(answer.body, HasSubstr(detail));
    }
}

TEST_F(SandboxCheckTest, TheCommandLineTellsAPerson) {
    const std::string file = sandbox_.folder() + "/held.ndjson";
    const auto list = load();
    FILE* output = fopen(file.c_str(), "w");
    fputs(held(list).c_str(), output);
    fclose(output);
    const auto where = " --folder " + sandbox_.folder() + " --url https://localhost:" + std::to_string(sandbox_.port());
    EXPECT_THAT(command("sandbox check --held " + file + where),
                testing::AllOf(HasSubstr("equal"), HasSubstr("exit 0")));
    administer("DELETE", list[0].first);
    EXPECT_THAT(command("sandbox check --held " + file + where),
                testing::AllOf(HasSubstr("FAULT  gewisteCvBehouden"), HasSubstr(list[0].first), HasSubstr("exit 3")));
    EXPECT_THAT(command("sandbox check --json --language fr --held " + file + where), HasSubstr("effacés"));
    EXPECT_THAT(command("sandbox check --held /nowhere" + where + " 2>&1"), HasSubstr("cannot be read"));
}

TEST(Production, HasNoSandbox) {
    test::RunningProgram program{std::vector<std::string>{}};
    for (const char* path : {"/sandbox/v1/storingen", "/sandbox/v1/controle"}) {
        EXPECT_EQ(test::ask(program.port(), program.key(), {"GET", path, {}, ""}).status, 404U);
    }
}

}  // namespace
}  // namespace cvstroom
