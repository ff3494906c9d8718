// cvstroom mirror against the real server: the whole way into an SQLite file, and whatever stops it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "tests/mirror/mirror_process.hpp"
#include "tests/mirror/nginx_proxy.hpp"

namespace cvstroom {
namespace {

using namespace std::chrono_literals;
using test::Copy;
using test::small_document;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr int cvs_at_first = 3000;

std::string read_bytes(const std::string& path) {
    std::ifstream input(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

class MirrorTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        std::vector<std::string> documents;
        for (int n = 1; n <= cvs_at_first; ++n) documents.push_back(small_document(n, "Naam" + std::to_string(n)));
        program_ = std::make_unique<test::RunningProgram>(documents);
        for (const auto& document : documents) source_[test::id_of(document)] = document;
    }
    static void TearDownTestSuite() { program_.reset(); }

    static void put(int n, const std::string& text) {
        const auto document = small_document(n, text);
        test::put_document(*program_, document);
        source_[test::id_of(document)] = document;
    }
    static void erase(int n) {
        const auto id = test::id_of(small_document(n, ""));
        test::erase_document(*program_, id);
        source_.erase(id);
    }

    std::vector<std::string> arguments(std::vector<std::string> more = {}) const {
        auto all = test::source_arguments(*program_, folder_);
        all.insert(all.end(), {"--to", "sqlite:" + copy_});
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    test::MirrorOutcome run(std::vector<std::string> more = {}) const {
        return test::run_mirror(folder_, arguments(std::move(more)));
    }

    // A machine that is busy with other tests gets its time.
    template <typename Holds>
    static bool soon(const Holds& holds) {
        for (int tries = 0; tries < 600; ++tries) {
            if (holds()) return true;
            std::this_thread::sleep_for(25ms);
        }
        return false;
    }

    static std::unique_ptr<test::RunningProgram> program_;
    static Copy source_;  // what the server publishes
    test::TemporaryFolder folder_;
    std::string copy_ = (folder_ / "copy.db").string();
};

std::unique_ptr<test::RunningProgram> MirrorTest::program_;
Copy MirrorTest::source_;

TEST_F(MirrorTest, FirstPassHoldsEverythingAndLaterOnesWhatChanged) {
    const auto first = run();
    ASSERT_EQ(first.code, 0) << first.output;
    EXPECT_THAT(first.output, HasSubstr(std::to_string(source_.size()) + " CVs held"));
    EXPECT_EQ(test::read_sqlite_copy(copy_), source_);
    put(1, "Veranderd");
    put(90'001, "Nieuw");
    erase(2);
    const auto second = run();
    ASSERT_EQ(second.code, 0) << second.output;
    EXPECT_THAT(second.output, HasSubstr("1 new, 1 changed, 1 removed"));
    EXPECT_EQ(test::read_sqlite_copy(copy_), source_);
    const auto third = run();
    EXPECT_THAT(third.output, HasSubstr("0 new, 0 changed, 0 removed"));
}

TEST_F(MirrorTest, FlatTablesSayWhatTheDocumentsSay) {
    put(3, "De Smet");
    ASSERT_EQ(run().code, 0);
    const std::string of_3 = " WHERE cv = (SELECT cv FROM cv WHERE cv_id LIKE '00000003-%')";
    EXPECT_EQ(test::sqlite_text(copy_, "SELECT family_name FROM person" + of_3), "De Smet");
    EXPECT_EQ(
        test::sqlite_text(copy_, "SELECT group_concat(type || ':' || coalesce(level, name)) FROM competence" + of_3),
        "talen:3,vrijeCompetentie:De Smet");
    EXPECT_EQ(test::sqlite_text(copy_, "SELECT group_concat(kind || '=' || code) FROM wish" + of_3),
              "region=BE231A,work_regime=V");
    // A change replaces the rows; none of the old ones stays.
    put(3, "Peeters");
    ASSERT_EQ(run().code, 0);
    EXPECT_EQ(test::sqlite_number(copy_, "SELECT count(*) FROM competence" + of_3), 2);
    EXPECT_EQ(test::sqlite_text(copy_, "SELECT family_name FROM person" + of_3), "Peeters");
    EXPECT_EQ(test::sqlite_number(copy_, "SELECT count(*) FROM sqlite_schema WHERE name = 'competence_code'"), 1);
}

TEST_F(MirrorTest, NothingOfARemovedPersonStaysInTheFiles) {
    put(90'002, "Zeldzamenaamzeven");
    ASSERT_EQ(run().code, 0);
    EXPECT_THAT(read_bytes(copy_) + read_bytes(copy_ + "-wal"), HasSubstr("Zeldzamenaamzeven"));
    erase(90'002);
    ASSERT_EQ(run().code, 0);
    EXPECT_THAT(read_bytes(copy_) + read_bytes(copy_ + "-wal"), Not(HasSubstr("Zeldzamenaamzeven")));
}

TEST_F(MirrorTest, FollowsUntilItIsAskedToStop) {
    test::MirrorProcess mirror(folder_, arguments({"--follow", "--interval", "1"}));
    ASSERT_TRUE(soon([&] { return mirror.output().find("mirroring: ") != std::string::npos; })) << mirror.output();
    put(90'003, "Terwijl");
    EXPECT_TRUE(
        soon([&] { return test::sqlite_number(copy_, "SELECT count(*) FROM cv WHERE cv_id LIKE '00090003-%'") == 1; }));
    mirror.signal(SIGTERM);
    const auto outcome = mirror.wait();
    EXPECT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_EQ(test::read_sqlite_copy(copy_), source_);
}

// What the provider sees: everything is open at a partner that never confirmed, and nothing at one whose mirror has
// run.
TEST_F(MirrorTest, TheProviderSeesByReceiptsThatNoRemovalIsOpen) {
    const auto open = [] {
        const auto response = test::ask(program_->administration_port(), program_->administration_key(),
                                        {"GET", "/beheer/v1/ontvangsten", {}, ""});
        const auto at = response.body.find("\"openVerwijderingen\":");
        return at == std::string::npos ? -1 : std::atoi(response.body.c_str() + at + 21);
    };
    for (const bool follows_by_pages : {false, true}) {
        const std::vector<std::string> how =
            follows_by_pages ? std::vector<std::string>{"--no-stream"} : std::vector<std::string>{};
        ASSERT_EQ(run(how).code, 0);
        EXPECT_EQ(open(), 0);
        erase(follows_by_pages ? 2998 : 2999);
        EXPECT_EQ(open(), 1);
        auto silent = how;
        silent.push_back("--no-receipts");
        ASSERT_EQ(run(silent).code, 0);
        EXPECT_EQ(open(), 1) << "it was asked to say nothing";
        ASSERT_EQ(run(how).code, 0);
        EXPECT_EQ(open(), 0);
    }
    // One that follows tells it while it does.
    auto others = arguments({"--follow"});
    others[7] = "sqlite:" + (folder_ / "followed.db").string();
    test::MirrorProcess mirror(folder_, others);
    ASSERT_TRUE(soon([&] { return mirror.output().find("mirroring: ") != std::string::npos; })) << mirror.output();
    erase(2997);
    EXPECT_TRUE(soon([&] { return open() == 0; }));
}

// verify against the real server's controle: what it says of a copy that is right, and of one that somebody spoiled.
TEST_F(MirrorTest, VerifyProvesEqualityInOneRequestAndFindsAndMendsWhatDiffers) {
    const auto verify = [&](std::vector<std::string> more = {}) {
        auto all = arguments(std::move(more));
        all.insert(all.begin(), "verify");
        return test::run_mirror(folder_, all);
    };
    put(10, "Verandert");  // so that not all have version 1
    ASSERT_EQ(run().code, 0);
    const auto equal = verify();
    EXPECT_EQ(equal.code, 0) << equal.output;
    EXPECT_THAT(equal.output,
                AllOf(HasSubstr("equal: " + std::to_string(source_.size()) + " CVs"), HasSubstr("(1 request)")));

    const std::string of = " WHERE cv_id LIKE ";
    const std::string extra = "99999999-0000-4000-8000-000000000000";
    struct Damage {
        std::string sql;
        std::string finding;
    };
    const std::vector<Damage> damages = {
        {"UPDATE cv SET version = version + 5" + of + "'00000010-%'",
         test::id_of(small_document(10, "")) + "  outdated"},
        {"DELETE FROM cv" + of + "'00000011-%'", test::id_of(small_document(11, "")) + "  missing"},
        {"INSERT INTO cv(cv_id, version, generation) VALUES('" + extra + "', 1, 1)", extra + "  surplus"},
    };
    for (const auto& damage : damages) {
        test::spoil_sqlite(copy_, damage.sql);
        const auto found = verify();
        EXPECT_EQ(found.code, 3) << found.output;
        EXPECT_THAT(found.output, AllOf(HasSubstr("1 of "), HasSubstr(damage.finding)));
        const auto at = found.output.find(" requests)");
        ASSERT_NE(at, std::string::npos) << found.output;
        // One a digit that the ids here share (four), and one each for the rest of the way and the document: random ids
        // of a million CVs take five.
        EXPECT_LE(std::stoi(found.output.substr(found.output.rfind('(', at) + 1)), 8);
        EXPECT_EQ(verify({"--repair"}).code, 0);
        EXPECT_EQ(verify().code, 0) << damage.sql;
        EXPECT_EQ(test::read_sqlite_copy(copy_), source_);
    }
    // All at once, in JSON, found and mended in one go.
    for (const auto& damage : damages) test::spoil_sqlite(copy_, damage.sql);
    const auto all = verify({"--json", "--repair"});
    EXPECT_EQ(all.code, 0) << all.output;
    EXPECT_THAT(all.output,
                AllOf(HasSubstr("\"equal\":false"), HasSubstr("\"repaired\":3"), HasSubstr("\"kind\":\"surplus\"")));
    EXPECT_EQ(test::read_sqlite_copy(copy_), source_);
    // What the provider changes after the instant that the copy covers is no difference of the copy.
    put(12, "Later");
    EXPECT_EQ(verify().code, 0);
}

TEST_F(MirrorTest, KilledAnywhereItGoesOnAndEndsEqual) {
    std::mt19937 random(20260213);
    int killed = 0;
    for (int round = 0; round < 40; ++round) {
        put(100 + round, "Ronde" + std::to_string(round));
        if (round % 5 == 0) erase(200 + round);
        test::MirrorProcess mirror(
            folder_, arguments(round % 2 == 0 ? std::vector<std::string>{"--no-stream"} : std::vector<std::string>{}));
        std::this_thread::sleep_for(std::chrono::milliseconds{20 + random() % 150});
        mirror.signal(SIGKILL);
        if (mirror.wait().code == 128 + SIGKILL) ++killed;
        if (!std::filesystem::exists(copy_)) continue;
        const auto look = (folder_ / "look.db").string();
        test::copy_sqlite(copy_, look);
        if (test::sqlite_number(look, "SELECT count(*) FROM sqlite_schema WHERE name = 'person'") != 1) continue;
        ASSERT_EQ(test::sqlite_number(
                      look,
                      "SELECT count(*) FROM cv LEFT JOIN document USING(cv) LEFT JOIN person USING(cv) "
                      "WHERE json IS NULL OR family_name <> json_extract(json, '$.natuurlijkPersoon.achternaam')"),
                  0)
            << "half a CV";
    }
    EXPECT_GT(killed, 10) << "too few were killed at work to say anything";
    const auto last = run();
    ASSERT_EQ(last.code, 0) << last.output;
    EXPECT_EQ(test::read_sqlite_copy(copy_), source_);
    EXPECT_EQ(test::sqlite_text(copy_, "PRAGMA integrity_check"), "ok");
}

TEST_F(MirrorTest, TheKeysRefusalIsClearAndTheCopyIsLeftAlone) {
    ASSERT_EQ(run().code, 0);
    auto wrong = arguments();
    std::ofstream(folder_ / "key") << "cvs_nobody00_wrong\n";
    const auto outcome = test::run_mirror(folder_, wrong);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.output, testing::AllOf(HasSubstr("the key is refused (401"), HasSubstr("--key-file"),
                                               Not(HasSubstr("cvs_nobody00_wrong"))));
    EXPECT_EQ(test::read_sqlite_copy(copy_), source_);
}

TEST_F(MirrorTest, AnUntrustedServerGetsNoKey) {
    auto trusting_others = test::source_arguments(*program_, folder_);
    trusting_others.resize(4);  // without --ca-file
    trusting_others.insert(trusting_others.end(), {"--to", "sqlite:" + copy_});
    const auto outcome = test::run_mirror(folder_, trusting_others);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.output, HasSubstr("--ca-file"));
}

TEST_F(MirrorTest, StatusTellsWhereTheCopyStands) {
    ASSERT_EQ(run().code, 0);
    const auto status = test::run_mirror(folder_, {"status", "--to", "sqlite:" + copy_});
    EXPECT_EQ(status.code, 0);
    EXPECT_THAT(status.output,
                testing::AllOf(HasSubstr("following"), HasSubstr(std::to_string(source_.size()) + " CVs")));
    const auto json = test::run_mirror(folder_, {"status", "--json", "--to", "sqlite:" + copy_});
    EXPECT_THAT(json.output, HasSubstr("\"phase\":\"following\""));
    EXPECT_EQ(test::run_mirror(folder_, {"status", "--to", "sqlite:" + copy_ + ".none"}).code, 1);
}

TEST_F(MirrorTest, MetricsAndEventsAreForMachines) {
    const auto outcome = run({"--json", "--metrics-file", (folder_ / "m.prom").string()});
    ASSERT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_THAT(outcome.output, testing::AllOf(HasSubstr("{\"event\":\"phase\""), HasSubstr("{\"event\":\"end\",")));
    EXPECT_THAT(read_bytes((folder_ / "m.prom").string()),
                testing::AllOf(HasSubstr("\ncvstroom_mirror_cvs " + std::to_string(source_.size())),
                               HasSubstr("cvstroom_mirror_following 1"), HasSubstr("cvstroom_mirror_failed 0")));
}

TEST_F(MirrorTest, TellsAPersonHowFarItIsHowFastAndHowLongYet) {
    const auto outcome = run({"--no-stream"});
    ASSERT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_THAT(outcome.output,
                testing::ContainsRegex("mirroring \\[#+\\.+\\] +[0-9]+%  2000 of [0-9]+ CVs, [0-9]+/s, [0-9]+ s left"));
    EXPECT_THAT(outcome.output, testing::ContainsRegex("mirroring: [0-9]+ CVs in [0-9.]+ s"));
}

TEST_F(MirrorTest, WhatIsNoCopyOfThisApiIsLeftAlone) {
    std::ofstream(folder_ / "text.db") << std::string(5000, 'x');
    auto other = test::source_arguments(*program_, folder_);
    other.insert(other.end(), {"--to", "sqlite:" + (folder_ / "text.db").string()});
    EXPECT_EQ(test::run_mirror(folder_, other).code, 1);
    EXPECT_EQ(read_bytes((folder_ / "text.db").string()), std::string(5000, 'x'));
    // The provider's own database is an SQLite file too, of another kind.
    other.back() = "sqlite:" + program_->database();
    const auto outcome = test::run_mirror(folder_, other);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.output, HasSubstr("something else"));
}

// Details go side by side on one connection there, and a stream is a stream.
TEST_F(MirrorTest, GoesByHttp2WhereTheServerOffersIt) {
    std::this_thread::sleep_for(1100ms);  // the seed profile knows the API's time by whole seconds
    const test::NginxProxy proxy(*program_);
    auto through = arguments();
    through[1] = proxy.url();  // after --from
    const auto streamed = test::run_mirror(folder_, through);
    ASSERT_EQ(streamed.code, 0) << streamed.output;
    EXPECT_EQ(test::read_sqlite_copy(copy_), source_);
    const auto other = (folder_ / "seed.db").string();
    through.insert(through.end(), {"--profile", "seed"});
    *std::find(through.begin(), through.end(), "sqlite:" + copy_) = "sqlite:" + other;
    const auto seed = test::run_mirror(folder_, through);
    ASSERT_EQ(seed.code, 0) << seed.output;
    EXPECT_EQ(test::read_sqlite_copy(other), source_);
    std::set<std::string> protocols;
    std::set<std::string> connections;
    std::istringstream requests(proxy.requests());
    std::size_t count = 0;
    for (std::string protocol, connection, rest; requests >> protocol >> connection && std::getline(requests, rest);) {
        protocols.insert(protocol);
        connections.insert(connection);
        ++count;
    }
    EXPECT_EQ(protocols, std::set<std::string>{"HTTP/2.0"});
    EXPECT_GT(count, source_.size()) << "a detail each, and more";
    EXPECT_LT(connections.size(), 20U);
}

TEST_F(MirrorTest, OneMirrorAtATime) {
    test::MirrorProcess mirror(folder_, arguments({"--follow"}));
    ASSERT_TRUE(soon([&] { return mirror.output().find("mirroring: ") != std::string::npos; })) << mirror.output();
    const auto second = run();
    EXPECT_EQ(second.code, 1);
    EXPECT_THAT(second.output, HasSubstr("another mirror"));
}

// A disk of 600 KB is soon full; grown, it is the same disk with room; read-only, it is nobody's to write.
TEST_F(MirrorTest, AFullOrReadOnlyDiskIsSaidAndTheMirrorGoesOnWhenItIsNot) {
    const std::string disk = (folder_ / "disk").string();
    std::filesystem::create_directory(disk);
    std::string mirror = std::string(CVSTROOM_PROGRAM) + " mirror --to sqlite:" + disk + "/copy.db";
    for (const auto& argument : test::source_arguments(*program_, folder_)) mirror += " " + argument;
    std::ofstream(folder_ / "script") << "set -e\n"
                                      << "mount -t tmpfs -o size=600k tmpfs " << disk << "\n"
                                      << "if " << mirror << " 2>" << disk << ".full; then exit 9; fi\n"
                                      << "mount -o remount,size=60m,ro " << disk << "\n"
                                      << "if " << mirror << " 2>" << disk << ".read-only; then exit 8; fi\n"
                                      << "mount -o remount,size=60m,rw " << disk << "\n"
                                      << mirror << " 2>" << disk << ".roomy\n"
                                      << "cp " << disk << "/copy.db " << copy_ << "\n";
    const std::string unshare = geteuid() == 0 ? "unshare -m sh " : "unshare -rm sh ";
    ASSERT_EQ(std::system((unshare + (folder_ / "script").string()).c_str()), 0)
        << read_bytes(disk + ".full") << read_bytes(disk + ".read-only") << read_bytes(disk + ".roomy");
    EXPECT_THAT(read_bytes(disk + ".full"), HasSubstr("full; make room"));
    EXPECT_THAT(read_bytes(disk + ".read-only"), HasSubstr("cannot be written"));
    EXPECT_EQ(test::read_sqlite_copy(copy_), source_);
}

TEST_F(MirrorTest, TheCopyIsItsOwnersAlone) {
    ASSERT_EQ(run().code, 0);
    EXPECT_EQ(std::filesystem::status(copy_).permissions() &
                  (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
              std::filesystem::perms::none);
}

}  // namespace
}  // namespace cvstroom
