// The copies in PostgreSQL and in NDJSON files: the same mirror, the same promises.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <random>
#include <thread>

#include "mirror/flatten.hpp"
#include "mirror/sink.hpp"
#include "tests/mirror/mirror_process.hpp"
#include "tests/support/command_line.hpp"
#include "tests/support/postgres_cluster.hpp"

namespace cvstroom {
namespace {

using test::Copy;
using test::small_document;
using testing::HasSubstr;
using testing::Not;

class TargetsTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        std::vector<std::string> documents;
        for (int n = 1; n <= 2000; ++n) documents.push_back(small_document(n, "Naam" + std::to_string(n)));
        program_ = std::make_unique<test::RunningProgram>(documents);
        for (const auto& document : documents) source_[test::id_of(document)] = document;
        cluster_ = std::make_unique<test::PostgresCluster>();
    }
    static void TearDownTestSuite() {
        program_.reset();
        cluster_.reset();
    }
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
    std::vector<std::string> arguments(const std::string& target) const {
        auto all = test::source_arguments(*program_, folder_);
        all.insert(all.end(), {"--to", target});
        return all;
    }
    test::MirrorOutcome run(const std::string& target) const { return test::run_mirror(folder_, arguments(target)); }

    // Through the sink's own reading side; the raw side is looked at by single tests.
    static Copy read_copy(const std::string& target) {
        const auto sink = mirror::open_sink(target, mirror::Access::read_only).value();
        std::vector<Uuid> ids;
        EXPECT_TRUE(sink->visit([&](const mirror::Held& held) { ids.push_back(held.cv); }));
        Copy copy;
        for (const auto& id : ids) copy[id.to_string()] = sink->document(id).value().value_or("");
        return copy;
    }

    void check_passes(const std::string& target) {
        const auto first = run(target);
        ASSERT_EQ(first.code, 0) << first.output;
        EXPECT_EQ(read_copy(target), source_);
        put(1, "Ander" + target.substr(0, 4));
        put(70'000 + static_cast<int>(target.size()), "Nieuw \\\\ en \\\" é");
        erase(2 + static_cast<int>(target.size()));
        const auto second = run(target);
        ASSERT_EQ(second.code, 0) << second.output;
        EXPECT_THAT(second.output, HasSubstr("1 new, 1 changed, 1 removed"));
        EXPECT_EQ(read_copy(target), source_);
    }

    // What every sink promises of rows of another history (mirror/sink.hpp), also after it was opened anew.
    static void check_marks(const std::string& target) {
        const auto cv = Uuid::parse(test::id_of(small_document(1, ""))).value();
        const auto put = [&](mirror::Version version, const std::string& text) {
            const auto json = small_document(1, text);
            return mirror::Put{cv, version, "", json, mirror::DocumentFlattener().read(json)->flat, std::nullopt};
        };
        mirror::Batch batch;
        batch.state.source = "https://localhost";
        batch.state.profile = "cvstroom";
        batch.state.phase = mirror::Phase::following;
        batch.state.generation = 1;
        batch.puts = {put(7, "Oud")};
        auto sink = mirror::open_sink(target, mirror::Access::read_write).value();
        ASSERT_TRUE(sink->apply(batch));
        batch.puts.clear();
        batch.marks = {cv};
        ++batch.state.generation;
        ASSERT_TRUE(sink->apply(batch));
        EXPECT_EQ(sink->held(std::span(&cv, 1))->at(0).version, 7U) << "of the same history: it is known";
        batch.state.trusted_generation = ++batch.state.generation;
        ASSERT_TRUE(sink->apply(batch));
        for (int opened = 0; opened < 2; ++opened) {
            EXPECT_EQ(sink->held(std::span(&cv, 1))->at(0).version, mirror::unknown_version);
            EXPECT_THAT(sink->document(cv)->value(), HasSubstr("Oud"));
            sink.reset();
            sink = mirror::open_sink(target, mirror::Access::read_write).value();
        }
        batch.marks.clear();
        batch.puts = {put(2, "Andere geschiedenis")};
        ASSERT_TRUE(sink->apply(batch));
        EXPECT_EQ(sink->held(std::span(&cv, 1))->at(0).version, 2U);
        EXPECT_THAT(sink->document(cv)->value(), HasSubstr("Andere geschiedenis"));
    }

    void check_kills(const std::string& target) {
        std::mt19937 random(7);
        int killed = 0;
        for (int round = 0; round < 12; ++round) {
            put(300 + round, "Ronde" + std::to_string(round));
            if (round % 4 == 0) erase(400 + round + static_cast<int>(target.size() % 50) * 20);
            test::MirrorProcess mirror(folder_, arguments(target));
            std::this_thread::sleep_for(std::chrono::milliseconds{30 + random() % 200});
            mirror.signal(SIGKILL);
            if (mirror.wait().code == 128 + SIGKILL) ++killed;
        }
        EXPECT_GT(killed, 2);
        const auto last = run(target);
        ASSERT_EQ(last.code, 0) << last.output;
        EXPECT_EQ(read_copy(target), source_);
    }

    static std::unique_ptr<test::RunningProgram> program_;
    static std::unique_ptr<test::PostgresCluster> cluster_;
    static Copy source_;
    test::TemporaryFolder folder_;
};

std::unique_ptr<test::RunningProgram> TargetsTest::program_;
std::unique_ptr<test::PostgresCluster> TargetsTest::cluster_;
Copy TargetsTest::source_;

TEST_F(TargetsTest, PostgresHoldsEverythingAndItsTablesAreUsable) {
    cluster_->create_database("passes");
    check_passes(cluster_->url("passes"));
    EXPECT_EQ(cluster_->query("passes", "SELECT count(*) FROM cv_mirror.cv"), std::to_string(source_.size()));
    EXPECT_EQ(
        cluster_->query(
            "passes",
            "SELECT family_name FROM cv_mirror.person JOIN cv_mirror.cv USING(cv) WHERE cv_id::text LIKE '00000004-%'"),
        "Naam4");
    EXPECT_EQ(cluster_->query(
                  "passes",
                  "SELECT json->'natuurlijkPersoon'->>'achternaam' FROM cv_mirror.document JOIN cv_mirror.cv USING(cv) "
                  "WHERE cv_id::text LIKE '00000004-%'"),
              "Naam4");
    EXPECT_EQ(cluster_->query("passes", "SELECT count(*) FROM cv_mirror.competence"),
              std::to_string(2 * source_.size()));
    EXPECT_EQ(cluster_->query("passes", "SELECT count(*) FROM pg_indexes WHERE indexname = 'competence_code'"), "1");
}

TEST_F(TargetsTest, PostgresKilledAnywhereEndsEqual) {
    cluster_->create_database("kills");
    check_kills(cluster_->url("kills"));
}

TEST_F(TargetsTest, PostgresSaysWhatIsWrongWithTheTarget) {
    cluster_->create_database("rights");
    cluster_->execute("rights", "CREATE ROLE reader LOGIN; REVOKE CREATE ON DATABASE rights FROM PUBLIC");
    const auto without_rights = run(cluster_->url("rights", "reader"));
    EXPECT_EQ(without_rights.code, 1);
    EXPECT_THAT(without_rights.output, testing::AllOf(HasSubstr("lacks the rights"), HasSubstr("cv_mirror")));
    cluster_->create_database("other");
    cluster_->execute("other", "CREATE SCHEMA cv_mirror; CREATE TABLE cv_mirror.person(x int)");
    const auto other = run(cluster_->url("other"));
    EXPECT_EQ(other.code, 1);
    EXPECT_THAT(other.output, HasSubstr("something else"));
    EXPECT_EQ(cluster_->query("other", "SELECT count(*) FROM cv_mirror.person"), "0");
    EXPECT_EQ(run(cluster_->url("nowhere")).code, 1);
    // Rights that are lost on the way leave the copy as it was, and give it back when they are.
    cluster_->create_database("lost");
    ASSERT_EQ(run(cluster_->url("lost")).code, 0);
    const auto before = read_copy(cluster_->url("lost"));
    cluster_->execute("lost", "ALTER DATABASE lost SET default_transaction_read_only = on");
    put(5, "Terwijl");
    const auto read_only = run(cluster_->url("lost"));
    EXPECT_EQ(read_only.code, 1);
    EXPECT_THAT(read_only.output, HasSubstr("read-only"));
    EXPECT_EQ(read_copy(cluster_->url("lost")), before);
    cluster_->execute(
        "lost", "SET default_transaction_read_only = off; ALTER DATABASE lost RESET default_transaction_read_only");
    ASSERT_EQ(run(cluster_->url("lost")).code, 0);
    EXPECT_EQ(read_copy(cluster_->url("lost")), source_);
}

TEST_F(TargetsTest, Pitfall35_SeeingACvAfterARestoreDoesNotMakeItsOldVersionKnown) {
    cluster_->create_database("marks");
    check_marks("sqlite:" + (folder_ / "marks.db").string());
    check_marks(cluster_->url("marks"));
    check_marks("ndjson:" + (folder_ / "marks").string());
}

TEST_F(TargetsTest, PostgresGivesNoNumberTwiceAndClearsWhatWasDeletedByHand) {
    cluster_->create_database("hands");
    const auto target = cluster_->url("hands");
    ASSERT_EQ(run(target).code, 0);
    cluster_->execute("hands", "DELETE FROM cv_mirror.cv WHERE cv IN (7, (SELECT max(cv) FROM cv_mirror.cv))");
    auto all = arguments(target);
    all.insert(all.begin(), "verify");
    all.push_back("--repair");
    const auto repaired = test::run_mirror(folder_, all);
    EXPECT_EQ(repaired.code, 0) << repaired.output;
    EXPECT_THAT(repaired.output, testing::AllOf(HasSubstr("rows of 2 CVs"), HasSubstr("all repaired")));
    EXPECT_EQ(read_copy(target), source_);
    EXPECT_EQ(cluster_->query("hands", "SELECT count(*) FROM cv_mirror.person"), std::to_string(source_.size()));
}

// A tablespace on a disk that is soon full. Its server runs where that disk is, so it is one of its own.
TEST_F(TargetsTest, APostgresThatIsFullSaysSoAndTheMirrorGoesOnWhenItIsNot) {
    const auto folder = folder_.path().string();
    const auto target = "postgresql:///postgres?host=" + folder + "/server&user=postgres";
    const auto bin = test::PostgresCluster::programs();
    std::string mirror = std::string(CVSTROOM_PROGRAM) + " mirror --to '" + target + "'";
    for (const auto& argument : test::source_arguments(*program_, folder_)) mirror += " " + argument;
    const auto sql = [&](const std::string& statement, const std::string& options = "") {
        return bin + "psql -X -q -t -A -v ON_ERROR_STOP=1 " + options + " -d '" + target + "' -c \"" + statement +
               "\"\n";
    };
    const auto columns = std::string("SELECT cv_id, json FROM cv_mirror.cv JOIN cv_mirror.document USING(cv)");
    std::ofstream(folder_ / "script")
        << "set -e\ncd " << folder << "\nmkdir server disk\nmount -t tmpfs -o size=900k tmpfs disk\n"
        << "as() { if [ $(id -u) = 0 ] && id postgres >/dev/null 2>&1 && [ -z \"$OURS\" ]; then runuser -u postgres -- "
           "\"$@\"; "
           "else \"$@\"; fi; }\n"
        << "if [ -z \"$OURS\" ]; then chmod 755 .; chown postgres server disk; fi\n"
        << "as " << bin << "initdb -D server/data -U postgres -A trust --no-sync -E UTF8 --locale=C >/dev/null\n"
        << "as " << bin << "pg_ctl -w -t 60 -D server/data -l server/log -o \"-k " << folder
        << "/server -c listen_addresses='' -c fsync=off -c default_tablespace=small\" start >/dev/null 2>&1 3>&- 4>&- "
           "5>&- "
           "6>&- 7>&- 8>&- 9>&-\n"
        << "trap 'as " << bin << "pg_ctl -D server/data -m immediate stop >/dev/null' EXIT\n"
        << sql("CREATE TABLESPACE small LOCATION '" + folder + "/disk'") << "if " << mirror
        << " 2>full; then exit 9; fi\nmount -o remount,size=200m disk\n"
        << mirror << " 2>roomy\n"
        << sql(columns + " ORDER BY cv_id", "-F ' '") << "\n";
    const std::string unshare = geteuid() == 0 ? "unshare -m sh " : "OURS=1 unshare -rm sh ";
    const auto copied = test::run_shell(unshare + (folder_ / "script").string());
    const auto read = [&](const std::string& name) {
        std::ifstream input(folder_ / name, std::ios::binary);
        return std::string{std::istreambuf_iterator<char>(input), {}};
    };
    ASSERT_EQ(copied.code, 0) << read("full") << read("roomy") << read("server/log");
    EXPECT_THAT(read("full"), HasSubstr("full; make room"));
    std::string expected;
    for (const auto& [id, json] : source_) expected += id + " " + json + "\n";
    EXPECT_TRUE(copied.output == expected) << copied.output.size() << " bytes instead of " << expected.size();
}

TEST_F(TargetsTest, NdjsonOnAFullOrReadOnlyDiskSaysSoAndGoesOnWhenItIsNot) {
    const auto disk = (folder_ / "disk").string();
    std::filesystem::create_directory(disk);
    std::string mirror = std::string(CVSTROOM_PROGRAM) + " mirror --to ndjson:" + disk + "/copy";
    for (const auto& argument : test::source_arguments(*program_, folder_)) mirror += " " + argument;
    std::ofstream(folder_ / "script") << "set -e\n"
                                      << "mount -t tmpfs -o size=500k tmpfs " << disk << "\n"
                                      << "if " << mirror << " 2>" << disk << ".full; then exit 9; fi\n"
                                      << "mount -o remount,size=60m,ro " << disk << "\n"
                                      << "if " << mirror << " 2>" << disk << ".read-only; then exit 8; fi\n"
                                      << "mount -o remount,size=60m,rw " << disk << "\n"
                                      << mirror << " 2>" << disk << ".roomy\n"
                                      << "cp -r " << disk << "/copy " << folder_.path().string() << "/kept\n";
    const std::string unshare = geteuid() == 0 ? "unshare -m sh " : "unshare -rm sh ";
    const auto read = [&](const std::string& suffix) {
        std::ifstream input(disk + suffix, std::ios::binary);
        return std::string{std::istreambuf_iterator<char>(input), {}};
    };
    ASSERT_EQ(test::run_shell(unshare + (folder_ / "script").string()).code, 0)
        << read(".full") << read(".read-only") << read(".roomy");
    EXPECT_THAT(read(".full"), HasSubstr("full; make room"));
    EXPECT_THAT(read(".read-only"), HasSubstr("ead-only"));
    EXPECT_EQ(read_copy("ndjson:" + (folder_ / "kept").string()), source_);
}

TEST_F(TargetsTest, NdjsonHoldsEveryCvOnOneLine) {
    const auto folder = (folder_ / "copy").string();
    check_passes("ndjson:" + folder);
    std::size_t lines = 0;
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".ndjson") continue;
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line); ++lines) all += line;
    }
    EXPECT_EQ(lines, source_.size());
    EXPECT_THAT(all, Not(HasSubstr("\"Naam1\""))) << "what was replaced is gone from the folder";
}

TEST_F(TargetsTest, NdjsonKilledAnywhereEndsEqual) {
    check_kills("ndjson:" + (folder_ / "copy").string());
}

TEST_F(TargetsTest, NdjsonRefusesAFolderOfSomethingElse) {
    const auto folder = folder_ / "other";
    std::filesystem::create_directory(folder);
    std::ofstream(folder / "precious.txt") << "mine";
    const auto outcome = run("ndjson:" + folder.string());
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.output, HasSubstr("something else"));
    EXPECT_TRUE(std::filesystem::exists(folder / "precious.txt"));
}

}  // namespace
}  // namespace cvstroom
