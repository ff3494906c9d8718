#include "feed/feed.hpp"

#include <gtest/gtest.h>

#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::feed {
namespace {

using namespace std::chrono_literals;
using candidate::Status;
using test::make_erasure;
using test::make_id;
using test::make_write;

class FeedTest : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    std::unique_ptr<store::SqliteStore> store_ = open();
    Feed feed_{*store_, clock_};

    std::unique_ptr<store::SqliteStore> open() {
        return store::SqliteStore::open(folder_ / "cv.db", store::SqliteStore::Mode::create_if_missing, clock_).value();
    }

    // Each write in a transaction of its own, a second after the one before.
    void put(std::uint32_t id, const std::string& json, Status status = Status::open) {
        clock_.advance(1s);
        const auto write = make_write(make_id(id), json, status);
        ASSERT_TRUE(store_->append(std::span(&write, 1)));
    }
    void erase(std::uint32_t id) {
        clock_.advance(1s);
        const auto write = make_erasure(make_id(id));
        ASSERT_TRUE(store_->append(std::span(&write, 1)));
    }

    Page read(const WindowRequest& request, std::uint32_t count = 2000) {
        const auto position = feed_.resolve(request);
        EXPECT_TRUE(position) << (position ? "" : to_string(position.error()));
        return feed_.read(*position, count).value();
    }
    Page follow(const Cursor& cursor, std::uint32_t count = 2000) {
        return feed_.read(feed_.resolve(feed_.encode(cursor)).value(), count).value();
    }
    static std::vector<Uuid> ids(const Page& page) {
        std::vector<Uuid> found;
        for (const auto& change : page.changes) found.push_back(change.cv);
        return found;
    }
};

TEST_F(FeedTest, InitialLoadIsEveryPublishedCvAtTheHorizon) {
    put(1, "one");
    put(2, "two");
    put(3, "three", Status::closed);
    put(1, "one again");
    erase(2);
    const Page page = read({});
    EXPECT_EQ(ids(page), std::vector{make_id(1)});
    EXPECT_EQ(page.changes[0].version, 2U);
    EXPECT_TRUE(page.is_last);
}

TEST_F(FeedTest, WindowHasEachCvOnceWithItsStateAtTheEnd) {
    const Instant start = clock_.now();
    put(1, "one");
    put(2, "two");
    put(1, "one again");
    put(3, "three");
    erase(3);  // created and removed inside the window: reported as removed
    const Page page = read({start, {}, 0});
    EXPECT_EQ(ids(page), (std::vector{make_id(2), make_id(1), make_id(3)}));
    EXPECT_EQ(page.changes[2].status, Status::erased);
    EXPECT_EQ(page.total, 3U);
}

TEST_F(FeedTest, Pitfall08_AClosedWindowKeepsACvThatChangesLater) {
    const Instant start = clock_.now();
    put(1, "one");
    put(2, "two");
    put(3, "three");
    const Instant end = clock_.now() + 1us;
    const Page before = read({start, end, 0});
    put(2, "two again");
    erase(1);
    const Page after = read({start, end, 0});
    EXPECT_EQ(ids(before), ids(after));
    EXPECT_EQ(after.changes[1].version, 1U) << "the version that it had at the window's end";
    EXPECT_EQ(after.next, before.next);
}

// Pitfalls 1 and 3: a clock that stands still or jumps back must not put a change before what was already answered.
TEST_F(FeedTest, Pitfall01_NothingLandsBeforeTheHorizonWhateverTheClockDoes) {
    put(1, "one");
    clock_.advance(10s);
    const auto position = feed_.resolve(WindowRequest{Instant{}, {}, 0}).value();
    EXPECT_EQ(position.until, clock_.now()) << "an idle log's horizon follows the clock";
    clock_.advance(-1h);
    const auto write = make_write(make_id(2), "late");
    ASSERT_TRUE(store_->append(std::span(&write, 1)));
    EXPECT_GE(store_->current(make_id(2)).value()->instant, position.until);
    const Page next = read({position.until, {}, 0});
    EXPECT_EQ(ids(next), std::vector{make_id(2)});
}

TEST_F(FeedTest, Pitfall01_TheHorizonSurvivesARestartWithTheClockTurnedBack) {
    put(1, "one");
    clock_.advance(1h);
    const Instant answered = feed_.resolve(WindowRequest{}).value().until;
    store_.reset();
    clock_.advance(-2h);
    store_ = open();
    const auto write = make_write(make_id(2), "late");
    ASSERT_TRUE(store_->append(std::span(&write, 1)));
    EXPECT_GE(store_->current(make_id(2)).value()->instant, answered);
}

// Pitfall 7: a batch has one instant; a boundary never falls inside it, and pages inside it lose nothing.
TEST_F(FeedTest, Pitfall07_EqualInstantsAreNeverSplitByAWindowAndPageWell) {
    std::vector<store::Write> batch;
    for (std::uint32_t n = 0; n < 60; ++n) batch.push_back(make_write(make_id(n), "x"));
    ASSERT_TRUE(store_->append(batch));
    const Instant instant = store_->current(make_id(0)).value()->instant;
    EXPECT_EQ(read({Instant{}, instant, 0}).total, 0U);
    EXPECT_EQ(read({Instant{}, instant + 1us, 0}).total, 60U);
    std::vector<Uuid> seen;
    for (std::uint64_t offset = 0; offset < 60; offset += 7) {
        for (const auto& id : ids(read({Instant{}, instant + 1us, offset}, 7))) seen.push_back(id);
    }
    EXPECT_EQ(seen, ids(read({Instant{}, instant + 1us, 0})));
}

TEST_F(FeedTest, Pitfall27_TheEndIsSaidAndNotInferredFromAShortPage) {
    for (std::uint32_t n = 0; n < 4; ++n) put(n, "x");
    const Page first = read({Instant{}, {}, 0}, 2);
    EXPECT_FALSE(first.is_last);
    const Page second = follow(first.next, 2);
    EXPECT_EQ(second.changes.size(), 2U);
    EXPECT_TRUE(second.is_last) << "a full page that is the last one";
}

TEST_F(FeedTest, Pitfall26_ACursorAlwaysMovesForward) {
    for (std::uint32_t n = 0; n < 5; ++n) put(n, "x");
    Page page = read({}, 1);
    store::Seq position = page.next.position;
    for (int i = 0; i < 4; ++i) {
        page = follow(page.next, 1);
        EXPECT_GT(page.next.position, position);
        position = page.next.position;
    }
    EXPECT_TRUE(page.is_last);
}

// Pitfalls 22 and 23: the initial load and what follows it meet without a gap, whatever is written between the pages.
TEST_F(FeedTest, Pitfall23_TheInitialLoadHandsOverToChangesWithoutAGap) {
    for (std::uint32_t n = 0; n < 6; ++n) put(n, "x");
    const Page first = read({}, 4);
    erase(5);     // not delivered yet
    put(0, "y");  // delivered already
    put(9, "new");
    const Page second = follow(first.next, 4);
    EXPECT_EQ(ids(second), (std::vector{make_id(4), make_id(5)})) << "the window is as it was";
    EXPECT_TRUE(second.is_last);
    const Page changes = follow(second.next);
    EXPECT_EQ(ids(changes), (std::vector{make_id(5), make_id(0), make_id(9)}));
    EXPECT_EQ(changes.changes[0].status, Status::erased);
}

TEST_F(FeedTest, Pitfall34_DeletedAndMadeAgainIsOneCvWithARisingVersion) {
    put(1, "one");
    const Instant start = clock_.now() + 1us;
    erase(1);
    put(1, "back");
    const Page page = read({start, {}, 0});
    ASSERT_EQ(page.changes.size(), 1U);
    EXPECT_EQ(page.changes[0].status, Status::open);
    EXPECT_EQ(page.changes[0].version, 3U);
}

TEST_F(FeedTest, Pitfall35_ACursorOfAnotherHistoryIsGone) {
    put(1, "one");
    Cursor foreign = read({}).next;
    foreign.epoch = Uuid::random();
    const auto refused = feed_.resolve(feed_.encode(foreign));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::gone);
}

TEST_F(FeedTest, RefusesAWindowThatEndsBeforeItBeginsOrLiesInTheFuture) {
    put(1, "one");
    const Instant now = clock_.now();
    EXPECT_EQ(feed_.resolve(WindowRequest{now, now - 1s, 0}).error().where, "tot");
    EXPECT_EQ(feed_.resolve(WindowRequest{now + 1h, now + 2h, 0}).error().where, "van");
}

TEST_F(FeedTest, CutsAWindowThatReachesBeyondTheHorizon) {
    put(1, "one");
    const auto position = feed_.resolve(WindowRequest{Instant{}, clock_.now() + 24h, 0}).value();
    EXPECT_LE(position.until, clock_.now() + 1us);
}

TEST_F(FeedTest, AnEmptyLogAnswersAnEmptyLastPageAndGoesOnFromThere) {
    const Page empty = read({});
    EXPECT_TRUE(empty.is_last);
    EXPECT_EQ(empty.total, 0U);
    put(1, "one");
    EXPECT_EQ(ids(follow(empty.next)), std::vector{make_id(1)});
}

TEST_F(FeedTest, AnOffsetPastTheEndIsAnEmptyPage) {
    put(1, "one");
    const Page page = read({Instant{}, {}, 1000});
    EXPECT_TRUE(page.changes.empty());
    EXPECT_TRUE(page.is_last);
    EXPECT_EQ(page.total, 1U);
}

}  // namespace
}  // namespace cvstroom::feed
