// The program as a person and a script use it: what it prints, what it leaves behind, and its exit codes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/support/command_line.hpp"

namespace cvstroom {
namespace {

using testing::HasSubstr;
using testing::Not;

class CommandTest : public testing::Test {
  protected:
    test::CommandLine shell_;
    std::string database_ = shell_.path("cv.db").string();

    test::Outcome run(const std::string& arguments, const std::string& before = "") {
        return shell_.run(arguments, before);
    }
    void write(const std::string& name, const std::string& text) { shell_.write(name, text); }
    std::string read(const std::string& name) { return shell_.read(name); }
};

TEST_F(CommandTest, EveryCommandHasHelpThatShowsAnExample) {
    EXPECT_EQ(run("--help").code, 0);
    for (const char* command : {"serve", "import", "export", "delete", "search", "generate", "key", "partner",
                                "reference", "completion", "config check", "audit", "person", "backup", "restore"}) {
        const auto help = run(std::string(command) + " --help");
        EXPECT_EQ(help.code, 0) << command;
        EXPECT_THAT(help.output, HasSubstr("Example:")) << command;
    }
    EXPECT_THAT(run("sandbox --help").output, HasSubstr("fictional"));
}

TEST_F(CommandTest, AWrongCommandLineIsExitCode2) {
    EXPECT_EQ(run("").code, 2);
    EXPECT_EQ(run("frobnicate").code, 2);
    EXPECT_EQ(run("import").code, 2);
    EXPECT_EQ(run("generate --count many").code, 2);
}

TEST_F(CommandTest, WhatIsGeneratedComesBackFromTheDatabaseUnchanged) {
    ASSERT_EQ(run("generate --count 300 --output cvs.ndjson").code, 0);
    ASSERT_EQ(run("import --database cv.db cvs.ndjson").code, 0);
    ASSERT_EQ(run("export --database cv.db --output back.ndjson").code, 0);
    EXPECT_EQ(read("back.ndjson"), read("cvs.ndjson"));
    EXPECT_THAT(run("import --database cv.db back.ndjson").output, HasSubstr("300 unchanged"));
}

TEST_F(CommandTest, TheSameSeedGeneratesTheSameCvs) {
    EXPECT_EQ(run("generate --count 50 --seed 7 2>/dev/null").output,
              run("generate --count 50 --seed 7 2>/dev/null").output);
    EXPECT_NE(run("generate --count 50 --seed 7 2>/dev/null").output,
              run("generate --count 50 --seed 8 2>/dev/null").output);
}

TEST_F(CommandTest, ImportKeepsGoodLinesReportsBadOnesAndSaysSoByItsExitCode) {
    write("mixed.ndjson",
          "{\"cvId\":\"00000000-0000-4000-8000-000000000001\",\"status\":\"OPEN\",\"wijzigingsDatum\":\"2026-02-13\"}\n"
          "{\"cvId\":\"00000000-0000-4000-8000-000000000002\",\"status\":\"OPEN\"}\n");
    const auto mixed = run("import --database cv.db mixed.ndjson");
    EXPECT_EQ(mixed.code, 3);
    EXPECT_THAT(mixed.output, HasSubstr("line 2: /wijzigingsDatum:"));
    EXPECT_THAT(mixed.output, HasSubstr("1 created"));
    EXPECT_THAT(run("import --database cv.db --json mixed.ndjson 2>/dev/null").output,
                HasSubstr(R"({"regel":2,"resultaat":"GEWEIGERD","fouten":[{"pointer":"/wijzigingsDatum")"));
    EXPECT_EQ(run("import --database cv.db nowhere.ndjson").code, 1);
    EXPECT_EQ(run("import --database cv.db -", "head -1 mixed.ndjson |").code, 0);
}

TEST_F(CommandTest, ExportWritesOneLineADocumentWhateverStandsInUnknownMembers) {
    write("odd.ndjson",
          "{\"cvId\":\"00000000-0000-4000-8000-000000000001\",\"status\":\"OPEN\",\"wijzigingsDatum\":\"2026-02-13\","
          "\"extra\":{\r\"a\" : 1}}\n");
    ASSERT_EQ(run("import --database cv.db odd.ndjson").code, 0);
    ASSERT_EQ(run("export --database cv.db --output back.ndjson").code, 0);
    const auto back = read("back.ndjson");
    EXPECT_EQ(std::count(back.begin(), back.end(), '\n'), 1);
    EXPECT_EQ(back.find('\r'), std::string::npos);
}

TEST_F(CommandTest, DeleteErasesAndTellsWhatItDidNotKnow) {
    ASSERT_EQ(run("generate --count 2 --output cvs.ndjson").code, 0);
    ASSERT_EQ(run("import --database cv.db cvs.ndjson").code, 0);
    const std::string id = read("cvs.ndjson").substr(9, 36);
    EXPECT_THAT(run("delete --database cv.db " + id).output, HasSubstr("GEWIST"));
    EXPECT_THAT(run("export --database cv.db 2>/dev/null").output, Not(HasSubstr(id)));
    EXPECT_EQ(run("delete --database cv.db 00000000-0000-4000-8000-00000000dead").code, 3);
    EXPECT_EQ(run("delete --database cv.db nonsense").code, 1);
}

TEST_F(CommandTest, KeysAreIssuedListedByPrefixAndRevoked) {
    write("none.ndjson", "");
    ASSERT_EQ(run("import --database cv.db none.ndjson").code, 0);
    const auto issued = run("key issue --database cv.db --partner 'Interim Zilverduin' --sandbox 2>/dev/null");
    ASSERT_EQ(issued.code, 0);
    const std::string prefix = issued.output.substr(0, 12);
    const auto listed = run("key list --database cv.db");
    EXPECT_THAT(listed.output, HasSubstr(prefix));
    EXPECT_THAT(listed.output, Not(HasSubstr(issued.output.substr(13, 32)))) << "only the prefix is ever shown again";
    EXPECT_THAT(read("cv.db") + read("cv.db-wal"), Not(HasSubstr(issued.output.substr(13, 32))))
        << "nor is the key stored";
    EXPECT_EQ(run("key revoke --database cv.db " + prefix).code, 0);
    EXPECT_THAT(run("key list --database cv.db --json").output, HasSubstr("\"ingetrokken\""));
    EXPECT_EQ(run("key revoke --database cv.db cvs_nobody00").code, 1);
    EXPECT_EQ(run("key issue --database cv.db --partner x --product bananas").code, 1);
    ASSERT_EQ(run("key issue --database cv.db --partner 'Cis Beheer' --product beheer --by An").code, 0);
    EXPECT_THAT(run("key list --database cv.db").output,
                testing::ContainsRegex("Cis Beheer +issued [-0-9T:.]+Z by An"));
}

TEST_F(CommandTest, AKeyForATrialExpiresWhenAskedTo) {
    write("none.ndjson", "");
    ASSERT_EQ(run("import --database cv.db none.ndjson").code, 0);
    const auto issued = run("key issue --database cv.db --partner Quavelo --sandbox --expires 2099-01-01 2>/dev/null");
    ASSERT_EQ(issued.code, 0) << issued.output;
    EXPECT_THAT(run("key list --database cv.db").output, HasSubstr("expires 2099-01-01"));
    ASSERT_EQ(run("key rotate --database cv.db " + issued.output.substr(0, 12) + " --overlap 0").code, 0);
    EXPECT_THAT(run("key list --database cv.db").output, HasSubstr("expires 2099-01-01"))
        << "and so does its successor";
}

TEST_F(CommandTest, TheGeneratorUsesTheListsOfADatabase) {
    write("none.ndjson", "");
    ASSERT_EQ(run("import --database cv.db none.ndjson").code, 0);
    std::string file = "code\tlabel_nl\trome_hoofddomein\nMINE-0\tAlgemeen attest\t\n";
    for (const char domain : std::string("ABCDEFGHIJKLMN"))
        file += std::string("MINE-") + domain + "\tAttest\t" + domain + "\n";
    write("attesten.tsv", file);
    ASSERT_EQ(run("reference load --database cv.db attesten attesten.tsv").code, 0);
    const auto cvs = run("generate --count 200 --database cv.db 2>/dev/null").output;
    EXPECT_THAT(cvs, HasSubstr("MINE-"));
    EXPECT_THAT(cvs, Not(HasSubstr("ATT0")));
    write("cvs.ndjson", cvs);
    EXPECT_THAT(run("import --database cv.db cvs.ndjson").output, HasSubstr("200 created"));
    write("short.tsv", "code\tlabel_nl\nX\tX\n");
    ASSERT_EQ(run("reference load --database cv.db attesten short.tsv --force").code, 0);
    EXPECT_THAT(run("generate --count 1 --database cv.db").output, HasSubstr("rome_hoofddomein"))
        << "says what is missing";
}

TEST_F(CommandTest, APartnerIsAdmittedStepByStepAndItsHistoryTellsIt) {
    write("none.ndjson", "");
    ASSERT_EQ(run("import --database cv.db none.ndjson").code, 0);
    const std::string database = " --database cv.db ";
    const auto unknown = run("key issue --database cv.db --partner Quavelo");
    EXPECT_EQ(unknown.code, 1);
    EXPECT_THAT(unknown.output, HasSubstr("cvstroom partner apply"));
    EXPECT_THAT(run("partner apply" + database + "Quavelo --contact api@quavelo.example --by An").output,
                HasSubstr("aangevraagd"));
    EXPECT_EQ(run("partner apply" + database + "quavelo").code, 1);
    EXPECT_THAT(run("partner activate" + database + "Quavelo").output, HasSubstr("approve it first"));
    EXPECT_EQ(run("partner approve" + database + "Quavelo --note 'seen by legal' --by Bo").code, 0);
    EXPECT_EQ(run("partner sign" + database + "Quavelo --contract C-7 --signed-by Cis --date 2099-01-01").code, 1);
    EXPECT_EQ(run("partner sign" + database + "Quavelo --contract C-7 --signed-by Cis --date 2026-02-13 --by Bo").code,
              0);
    EXPECT_THAT(run("key issue --database cv.db --partner Quavelo 2>&1").output, HasSubstr("served once it is active"));
    EXPECT_EQ(run("partner activate" + database + "Quavelo --by Bo").code, 0);
    EXPECT_THAT(run("partner subscribe" + database + "Quavelo --plan anoniem --per-minute 50 --by An").output,
                HasSubstr("cv (anoniem), 50 requests a minute"));
    EXPECT_EQ(run("partner subscribe" + database + "Quavelo --product bananen").code, 1);
    EXPECT_EQ(run("partner subscribe" + database + "Quavelo --plan half").code, 1);
    EXPECT_THAT(run("partner limits" + database + "Quavelo --per-minute 70 --per-day 9 --json").output,
                HasSubstr(R"("perMinuut":70,"perDag":9)"));
    EXPECT_THAT(run("partner subscribe" + database + "Quavelo --per-minute 80 --json").output,
                HasSubstr(R"("plan":"anoniem","perMinuut":80,"perDag":9)"))
        << "what is not named stays";
    EXPECT_EQ(run("partner suspend" + database + "Quavelo --note late").code, 0);
    const auto history = run("partner history" + database + "Quavelo").output;
    EXPECT_THAT(history, HasSubstr("by Bo: seen by legal"));
    EXPECT_THAT(history, HasSubstr("C-7, 2026-02-13, Cis"));
    EXPECT_THAT(run("partner show" + database + "Quavelo").output, HasSubstr("geschorst"));
    EXPECT_THAT(run("partner list" + database).output, HasSubstr("Quavelo"));
    EXPECT_EQ(run("partner end" + database + "Quavelo").code, 0);
    EXPECT_THAT(run("partner show" + database + "Quavelo").output, HasSubstr("revoked"));
    EXPECT_EQ(run("partner show" + database + "Niemand").code, 1);
}

TEST_F(CommandTest, ErrorsNameTheFileAndWhatWouldBeRight) {
    EXPECT_THAT(run("export --database nowhere.db").output, HasSubstr("nowhere.db"));
    write("garbage.db", std::string(5000, 'x'));
    EXPECT_EQ(run("key list --database garbage.db").code, 1);
    EXPECT_THAT(run("serve --database cv.db --certificate c --private-key k --listen nonsense").output,
                HasSubstr("--listen"));
    EXPECT_THAT(run("sandbox --prepare --cvs 5 --folder .", "touch cv.db;").output, HasSubstr("no sandbox"));
}

TEST_F(CommandTest, ASandboxIsMadeOnceAndAnewForOtherContents) {
    EXPECT_THAT(run("sandbox --prepare --cvs 20").output, HasSubstr("28 CVs"));
    const auto key = read("var/sandbox/partner.key");
    EXPECT_EQ(run("sandbox --prepare --cvs 20").output, "");
    EXPECT_EQ(read("var/sandbox/partner.key"), key);
    EXPECT_THAT(run("sandbox --prepare --cvs 21").output, HasSubstr("making it anew"));
    EXPECT_NE(read("var/sandbox/partner.key"), key);
    // Interrupted while it was made: the next run makes it whole.
    write("var/sandbox/sandbox", "unfinished\n");
    EXPECT_THAT(run("sandbox --prepare --cvs 21").output, HasSubstr("29 CVs"));
}

TEST_F(CommandTest, TheCompletionScriptKnowsCommandsAndOptions) {
    write("complete.sh", "source <(" CVSTROOM_PROGRAM
                         " completion bash)\n"
                         "COMP_WORDS=(cvstroom key is); COMP_CWORD=2; _cvstroom; echo \"${COMPREPLY[@]}\"\n"
                         "COMP_WORDS=(cvstroom import --da); COMP_CWORD=2; _cvstroom; echo \"${COMPREPLY[@]}\"\n");
    EXPECT_THAT(run("--version >/dev/null; bash complete.sh").output,
                testing::AllOf(HasSubstr("issue"), HasSubstr("--database")));
}

TEST_F(CommandTest, SearchAnswersWithoutAServerAndExplainsItself) {
    ASSERT_EQ(run("generate --count 300 --output cvs.ndjson").code, 0);
    ASSERT_EQ(run("import --database cv.db cvs.ndjson").code, 0);
    const auto all = run("search --database cv.db --count 2 2>/dev/null");
    EXPECT_EQ(all.code, 0);
    EXPECT_THAT(all.output, testing::StartsWith("300\n"));
    EXPECT_EQ(std::count(all.output.begin(), all.output.end(), '\n'), 3);
    const auto explained = run("search --database cv.db talen=N,F:2 'gewensteRegios=BE2&sinds=36500' --explain");
    EXPECT_EQ(explained.code, 0);
    EXPECT_THAT(explained.output, HasSubstr("talen=N,F:2"));
    EXPECT_THAT(explained.output, HasSubstr("segment 1 of 1: 300 rows, 0 dead"));
    EXPECT_THAT(run("search --database cv.db talen=N --json --explain 2>/dev/null").output,
                testing::StartsWith(R"({"total":)"));
    const auto wrong = run("search --database cv.db talen=QQ geslacht=M");
    EXPECT_EQ(wrong.code, 2);
    EXPECT_THAT(wrong.output, HasSubstr("talen=QQ"));
    EXPECT_THAT(wrong.output, HasSubstr("anti-discrimination"));
    EXPECT_EQ(run("search --database missing.db talen=N").code, 1);
}

}  // namespace
}  // namespace cvstroom
