// The first load into an SQLite file goes another way than what follows (no write-ahead log, no indexes, ids in
// memory): killed anywhere, disturbed by readers, or holding a CV twice, it ends as if it had gone the usual way.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <thread>

#include "mirror/sink.hpp"
#include "tests/mirror/mirror_process.hpp"

namespace cvstroom {
namespace {

using mirror::Access;
using test::small_document;

mirror::Put put(int n, mirror::Version version, const std::string& text) {
    auto json = small_document(n, text);
    auto read = mirror::DocumentFlattener().read(json).value();
    return {read.cv, version, "", std::move(json), std::move(read.flat), std::nullopt};
}

class FirstLoadTest : public testing::Test {
  protected:
    std::unique_ptr<mirror::Sink> open() const {
        return mirror::open_sink("sqlite:" + copy_, Access::read_write).value();
    }
    // The next so many, as one transaction that says how far it came.
    static mirror::Batch next_batch(const mirror::State& before, int count, const std::string& text) {
        mirror::Batch batch;
        batch.state = before;
        batch.state.phase = mirror::Phase::listing;
        batch.state.generation = 1;
        for (int i = 0; i < count; ++i) batch.puts.push_back(put(static_cast<int>(before.listed) + i, 1, text));
        batch.state.listed += static_cast<std::uint64_t>(count);
        return batch;
    }
    std::string text_of(const std::string& sql) const { return test::sqlite_text(copy_, sql); }
    std::int64_t number_of(const std::string& sql) const { return test::sqlite_number(copy_, sql); }

    // What a copy is after its first load, however it came about.
    void expect_whole() const {
        EXPECT_EQ(text_of("PRAGMA integrity_check"), "ok");
        EXPECT_EQ(text_of("PRAGMA journal_mode"), "wal");
        EXPECT_EQ(number_of("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"), 8);
        EXPECT_EQ(number_of("SELECT count(*) - count(DISTINCT cv_id) FROM cv"), 0);
        EXPECT_EQ(
            number_of("SELECT count(*) FROM cv LEFT JOIN document USING(cv) LEFT JOIN person USING(cv) "
                      "WHERE json IS NULL OR family_name <> json_extract(json, '$.natuurlijkPersoon.achternaam')"),
            0);
        EXPECT_EQ(number_of("SELECT count(*) FROM competence"), 2 * number_of("SELECT count(*) FROM cv"));
    }

    test::TemporaryFolder folder_;
    std::string copy_ = (folder_ / "copy.db").string();
};

// Batches of some 24 MB of rows and 40 MB of pages: more than the cache holds, so that a transaction's pages stand in
// the file before it is committed.
TEST_F(FirstLoadTest, KilledAnywhereItGoesOnFromItsLastCommit) {
    constexpr int count = 400;
    const std::string text(30'000, 'x');
    std::mt19937 random(20260213);
    int killed_at_work = 0;
    // A slower program (a sanitizer's) comes to that later.
    for (int round = 0; round < 8 || (killed_at_work == 0 && round < 60); ++round) {
        const pid_t child = fork();
        if (child == 0) {
            auto sink = open();
            if (!sink->begin_bulk_load()) _exit(1);
            for (;;) {
                if (!sink->apply(next_batch(sink->state().value(), count, text))) _exit(1);
            }
        }
        std::this_thread::sleep_for(
            std::chrono::milliseconds{40 + random() % 250 + 20U * static_cast<unsigned>(round)});
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
        if (std::filesystem::exists(copy_ + "-journal") && std::filesystem::file_size(copy_ + "-journal") > 0) {
            ++killed_at_work;
        }
        const auto sink = open();
        ASSERT_EQ(sink->count().value(), sink->state()->listed) << "data and position differ";
    }
    EXPECT_GT(killed_at_work, 0) << "none was killed inside a transaction";
    ASSERT_TRUE(open()->end_bulk_load());
    expect_whole();
}

TEST_F(FirstLoadTest, ACvThatComesAgainIsHeldOnceAlsoAfterAStop) {
    {
        const auto sink = open();
        ASSERT_TRUE(sink->begin_bulk_load());
        ASSERT_TRUE(sink->apply(next_batch({}, 300, "Eerst")));
        mirror::Batch batch;
        batch.state = sink->state().value();
        batch.puts = {put(7, 2, "Tweede"), put(8, 1, "Gelijk")};
        batch.removals = {{put(9, 1, "").cv, 2}};
        const auto applied = sink->apply(batch);
        ASSERT_TRUE(applied);
        EXPECT_EQ(applied->updated, 1U);
        EXPECT_EQ(applied->removed, 1U);
        batch.puts = {put(9, 3, "Terug")};
        batch.removals.clear();
        EXPECT_EQ(sink->apply(batch)->created, 1U);
    }
    const auto sink = open();
    ASSERT_TRUE(sink->begin_bulk_load());
    const std::vector<Uuid> asked = {put(7, 1, "").cv, put(9, 1, "").cv, put(999, 1, "").cv};
    const auto held = sink->held(asked);
    ASSERT_EQ(held->size(), 2U);
    EXPECT_EQ(held->at(0).version, 2U);
    EXPECT_EQ(held->at(1).version, 3U);
    mirror::Batch batch;
    batch.state = sink->state().value();
    batch.puts = {put(7, 3, "Derde")};
    EXPECT_EQ(sink->apply(batch)->updated, 1U);
    ASSERT_TRUE(sink->end_bulk_load());
    EXPECT_EQ(sink->count().value(), 300U);
    EXPECT_EQ(text_of("SELECT family_name FROM person JOIN cv USING(cv) WHERE cv_id LIKE '00000007-%'"), "Derde");
    EXPECT_EQ(text_of("SELECT family_name FROM person JOIN cv USING(cv) WHERE cv_id LIKE '00000008-%'"), "Eerst");
    expect_whole();
    // And the usual way goes on from there.
    batch.puts = {put(7, 4, "Vierde"), put(1000, 1, "Nieuw")};
    const auto applied = sink->apply(batch);
    EXPECT_EQ(applied->updated, 1U);
    EXPECT_EQ(applied->created, 1U);
    expect_whole();
}

TEST_F(FirstLoadTest, AReaderThatStaysDelaysTheLogAndStopsNothing) {
    { ASSERT_TRUE(open()->apply(next_batch({}, 10, "Eerst"))); }
    sqlite3* reader = nullptr;
    ASSERT_EQ(sqlite3_open(copy_.c_str(), &reader), SQLITE_OK);
    const auto ask = [&](const char* sql) { return sqlite3_exec(reader, sql, nullptr, nullptr, nullptr); };
    ASSERT_EQ(ask("BEGIN; SELECT count(*) FROM cv"), SQLITE_OK);
    const auto sink = open();
    ASSERT_TRUE(sink->begin_bulk_load());  // the reader is on the log, so that it cannot be left
    ASSERT_TRUE(sink->apply(next_batch(sink->state().value(), 10, "Tweede")));
    ASSERT_EQ(ask("COMMIT"), SQLITE_OK);
    sqlite3_close(reader);
    ASSERT_TRUE(sink->begin_bulk_load());
    EXPECT_EQ(text_of("PRAGMA journal_mode"), "delete") << "as a connection sees it that asks for no mode";
    ASSERT_TRUE(sink->end_bulk_load());
    EXPECT_EQ(sink->count().value(), 20U);
    expect_whole();
}

// The journal of a transaction that was under way: only who may write can roll it back, also for a reader.
TEST_F(FirstLoadTest, ACopyThatAKillLeftHalfWrittenCanBeRead) {
    {
        const auto sink = open();
        ASSERT_TRUE(sink->begin_bulk_load());
        ASSERT_TRUE(sink->apply(next_batch({}, 300, "Heel")));
        sqlite3* writer = nullptr;
        ASSERT_EQ(sqlite3_open(copy_.c_str(), &writer), SQLITE_OK);
        // With next to no cache the pages go to the file before the commit.
        EXPECT_EQ(sqlite3_exec(writer,
                               "PRAGMA cache_size = 1; BEGIN IMMEDIATE; UPDATE person SET family_name = 'Half';"
                               "UPDATE document SET json = json || hex(zeroblob(5000))",
                               nullptr, nullptr, nullptr),
                  SQLITE_OK)
            << sqlite3_errmsg(writer);
        for (const char* suffix : {"", "-journal"})
            std::filesystem::copy_file(copy_ + suffix, (folder_ / "killed.db").string() + suffix);
        sqlite3_close(writer);
    }
    ASSERT_GT(std::filesystem::file_size(folder_ / "killed.db-journal"), 0U);
    const auto reader = mirror::open_sink("sqlite:" + (folder_ / "killed.db").string(), Access::read_only);
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ((*reader)->count().value(), 300U);
    EXPECT_EQ((*reader)->state()->listed, 300U);
    EXPECT_EQ(
        test::sqlite_number((folder_ / "killed.db").string(), "SELECT count(*) FROM person WHERE family_name = 'Heel'"),
        300);
}

}  // namespace
}  // namespace cvstroom
