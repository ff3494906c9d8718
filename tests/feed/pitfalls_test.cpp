// Rows of the list of faults that public systems really had, each with what prevents it here (docs/feed.md has the
// table).
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "feed/feed.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::feed {
namespace {

using namespace std::chrono_literals;
using candidate::Status;

class Pitfalls : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
    SystemClock clock_;
    std::unique_ptr<store::SqliteStore> store_ =
        store::SqliteStore::open(folder_ / "cv.db", store::SqliteStore::Mode::create_if_missing, clock_).value();
    Feed feed_{*store_, clock_};

    store::WriteResult write(const store::Write& write) { return store_->append(std::span(&write, 1)).value().front(); }
    store::WriteResult put(std::uint32_t id, const std::string& json) {
        return write(test::make_write(test::make_id(id), json));
    }
    Position all() { return feed_.resolve(WindowRequest{Instant{}, {}, 0}).value(); }
    Page read(const Position& position) { return feed_.read(position, 2000).value(); }
};

TEST_F(Pitfalls, Pitfall03_AWindowIsAViewOnTheLogAndNotOnADateInTheDocument) {
    put(1, "one");
    const auto first = all();
    auto late = test::make_write(test::make_id(2), "two");
    late.changed_on = Date{std::chrono::year{1999}, std::chrono::month{1}, std::chrono::day{1}};
    write(late);
    const auto page = read(feed_.resolve(WindowRequest{first.until, {}, 0}).value());
    ASSERT_EQ(page.changes.size(), 1U);
    EXPECT_EQ(page.changes[0].cv, late.cv);
}

// Readers chain windows and pages while two writers write: nothing is skipped at any edge.
TEST_F(Pitfalls, Pitfall05_06_HorizonAndPageComeFromOneView) {
    std::atomic<bool> is_done = false;
    const auto write_many = [&](std::uint32_t first) {
        for (std::uint32_t n = 0; n < 150; ++n) put(first + n, "x");
    };
    std::thread one([&] { write_many(0); });
    std::thread two([&] { write_many(1000); });
    std::thread end([&] {
        one.join();
        two.join();
        is_done = true;
    });
    std::set<store::Seq> seen;
    Instant from{};
    for (bool was_done = false; !was_done;) {
        was_done = is_done;
        const auto window = feed_.resolve(WindowRequest{from, {}, 0}).value();
        const auto page = read(window);
        for (const auto& change : page.changes) {
            EXPECT_GE(change.instant, from);
            EXPECT_LT(change.instant, window.until);
            EXPECT_TRUE(seen.insert(change.seq).second);
        }
        from = window.until;
    }
    end.join();
    for (const auto& change : read(feed_.resolve(WindowRequest{from, {}, 0}).value()).changes) seen.insert(change.seq);
    EXPECT_EQ(seen.size(), 300U);
}

TEST_F(Pitfalls, Pitfall09_EveryPageStandsInTheOrderOfTheLog) {
    for (std::uint32_t n = 0; n < 40; ++n) put(n * 7 % 20, std::to_string(n));
    store::Seq last = 0;
    for (const auto& change : read(all()).changes) {
        EXPECT_GT(change.seq, last);
        last = change.seq;
    }
}

TEST_F(Pitfalls, Pitfall13_EveryNewVersionHasAnEntryAndTheSameDocumentHasNone) {
    for (const char* json : {"a", "b", "b", "a"}) put(1, json);
    EXPECT_EQ(store_->head().value().seq, 3U);
    EXPECT_EQ(read(all()).changes.at(0).version, 3U);
    EXPECT_EQ(store_->current(test::make_id(1)).value()->version, 3U);
}

TEST_F(Pitfalls, Pitfall22_ARemovalHasAPositionOfItsOwn) {
    const auto made = put(1, "one");
    const auto snapshot = feed_.resolve(WindowRequest{}).value();
    const auto removed = write(test::make_erasure(test::make_id(1)));
    EXPECT_GT(removed.seq, made.seq);
    const auto next = feed_.read(snapshot, 10).value().next;
    const auto page = read(feed_.resolve(feed_.encode(next)).value());
    ASSERT_EQ(page.changes.size(), 1U);
    EXPECT_EQ(page.changes[0].seq, removed.seq);
    EXPECT_EQ(page.changes[0].status, Status::erased);
}

TEST_F(Pitfalls, Pitfall28_TheTotalIsThatOfTheWholeWindow) {
    for (std::uint32_t n = 0; n < 30; ++n) put(n, "x");
    for (const std::uint32_t size : {1U, 7U, 30U, 2000U}) EXPECT_EQ(feed_.read(all(), size).value().total, 30U);
}

TEST_F(Pitfalls, Pitfall32_VersionsRiseAlongTheLog) {
    std::map<Uuid, store::Version> versions;
    for (std::uint32_t n = 0; n < 60; ++n) put(n % 5, std::to_string(n));
    const auto changes = store_->changes_after(0, 100).value();
    for (const auto& change : changes) {
        EXPECT_EQ(change.version, versions[change.cv] + 1);
        versions[change.cv] = change.version;
    }
}

}  // namespace
}  // namespace cvstroom::feed
