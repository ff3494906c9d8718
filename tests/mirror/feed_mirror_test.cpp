// The mirror's state machine against a feed that is cut, gone, restored or wrong. Numbers in names are rows of the list
// of faults that public systems really had (docs/feed.md).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "mirror/mirror.hpp"
#include "tests/mirror/fake_feed.hpp"
#include "tests/mirror/mirror_kit.hpp"
#include "tests/mirror/mirror_process.hpp"

namespace cvstroom {
namespace {

using test::FakeFeed;
using test::FeedFaults;
using testing::Contains;
using testing::HasSubstr;

const mirror::RetryPolicy hasty{mirror::Milliseconds{1}, mirror::Milliseconds{4}, 4};

// Every test runs by streams and by pages: the promises are the same.
class FeedMirrorTest : public testing::TestWithParam<bool> {
  protected:
    Result<void> pass() {
        test::MirrorKit kit(feed_.server(), FakeFeed::key, "sqlite:" + copy_, hasty);
        mirror::MirrorOptions options;
        options.may_stream = GetParam();
        const auto done = mirror::Mirror(*kit.api, *kit.sink, kit.notes, options).run();
        notes_ = kit.notes.notes;
        state_ = kit.sink->state().value();
        return done;
    }
    void fill(int count) {
        for (int n = 1; n <= count; ++n) feed_.put(n, "Naam" + std::to_string(n));
    }
    test::Copy copy() const { return test::read_sqlite_copy(copy_); }

    test::TemporaryFolder folder_;
    std::string copy_ = (folder_ / "copy.db").string();
    FakeFeed feed_;
    std::vector<std::string> notes_;
    mirror::State state_;
};

// What only a stream does (pages are resumed by the kill test), and only pages (a stream has an end of its own).
class StreamMirrorTest : public FeedMirrorTest {};
class PageMirrorTest : public FeedMirrorTest {};
INSTANTIATE_TEST_SUITE_P(Streams, StreamMirrorTest, testing::Values(true));
INSTANTIATE_TEST_SUITE_P(Pages, PageMirrorTest, testing::Values(false));
INSTANTIATE_TEST_SUITE_P(StreamsAndPages, FeedMirrorTest, testing::Values(true, false),
                         [](const auto& info) { return info.param ? "Streams" : "Pages"; });

TEST_P(FeedMirrorTest, Pitfall23_TheListingHandsOverToChangesWithoutAGap) {
    fill(350);
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
    feed_.put(1, "Anders");
    feed_.remove(2);
    feed_.put(400, "Nieuw");
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
}

TEST_P(FeedMirrorTest, APassEndsWithAReceiptOfWhatIsInTheCopy) {
    fill(350);
    for (int round = 1; round <= 2; ++round) {
        ASSERT_TRUE(pass());
        ASSERT_EQ(feed_.receipts().size(), static_cast<std::size_t>(round)) << "one, at the end";
        EXPECT_EQ(feed_.receipts().back(), R"({"vervolg":")" + state_.cursor + R"("})");
        feed_.remove(round);
    }
}

TEST_P(FeedMirrorTest, Pitfall17_AGoneHistoryIsListedAnewAndThatIsSaid) {
    fill(50);
    ASSERT_TRUE(pass());
    feed_.remove(3);
    feed_.put(4, "Anders");
    FeedFaults faults;
    faults.gone = 1;
    feed_.set(faults);
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published()) << "what left during the gap is swept (pitfall 19)";
    EXPECT_EQ(state_.generation, 2U);
    EXPECT_THAT(notes_, Contains(HasSubstr("listing everything anew")));
}

// While history is gone and no listing succeeds, the copy claims no more than before.
TEST_P(FeedMirrorTest, Pitfall18_AFailedListingMovesThePositionNowhere) {
    fill(300);
    ASSERT_TRUE(pass());
    const auto covered = state_.covered_until;
    const auto listed = state_.listed;
    feed_.put(1, "Anders");
    FeedFaults faults;
    faults.gone = 1;
    faults.is_down = true;
    feed_.set(faults);
    ASSERT_FALSE(pass());
    EXPECT_EQ(state_.covered_until, covered);
    EXPECT_EQ(state_.listed, listed);
    faults.is_down = false;
    feed_.set(faults);
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published()) << "nothing of the gap is passed over";
}

TEST_P(FeedMirrorTest, Pitfall19_WhatLeftDuringTheGapIsSwept) {
    fill(50);
    ASSERT_TRUE(pass());
    for (const int gone : {3, 17, 50}) feed_.remove(gone);
    feed_.remove(20);
    feed_.put(20, "Terug");
    FeedFaults faults;
    faults.gone = 1;
    feed_.set(faults);
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy().size(), 47U);
    EXPECT_EQ(copy(), feed_.published()) << "a listing has no tombstones";
}

TEST_P(FeedMirrorTest, Pitfall20_TheCopyIsNotEmptiedFirst) {
    fill(300);
    ASSERT_TRUE(pass());
    const auto before = copy();
    feed_.remove(3);
    FeedFaults faults;
    faults.gone = 1;
    faults.down_after_lines = GetParam() ? 100 : 0;
    faults.is_down = !GetParam();
    feed_.set(faults);
    ASSERT_FALSE(pass());
    EXPECT_EQ(copy(), before) << "whatever fails on the way, what was held is held";
    faults = {};
    faults.gone = GetParam() ? 0 : 1;
    feed_.set(faults);
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
}

TEST_P(StreamMirrorTest, Pitfall21_AListingThatWasResumedSweepsNothingThatItSaw) {
    fill(300);
    ASSERT_TRUE(pass());
    feed_.remove(200);
    FeedFaults faults;
    faults.gone = 1;
    faults.down_after_lines = 120;
    feed_.set(faults);
    ASSERT_FALSE(pass());
    EXPECT_EQ(state_.listed, 120U);
    feed_.set({});
    ASSERT_TRUE(pass());
    EXPECT_EQ(feed_.lines_sent(), 299U - 120U) << "it went on from where it was";
    EXPECT_EQ(copy(), feed_.published());
}

TEST_P(FeedMirrorTest, Pitfall24_ACutStreamGoesOnRightAfterItsLastLine) {
    fill(300);
    FeedFaults faults;
    faults.cut_after_lines = 37;
    feed_.set(faults);
    ASSERT_TRUE(pass());
    if (GetParam()) {
        EXPECT_EQ(feed_.lines_sent(), 300U);
    }
    EXPECT_EQ(copy(), feed_.published());
}

// The window that it stands in ended where the API was then; what has changed since stands in the next one.
TEST_P(StreamMirrorTest, APassThatGoesOnInsideAWindowReadsOnToThePresent) {
    fill(10);
    ASSERT_TRUE(pass());
    for (int n = 1; n <= 10; ++n) feed_.put(n, "Tweede" + std::to_string(n));
    FeedFaults faults;
    faults.down_after_lines = 4;
    feed_.set(faults);
    ASSERT_FALSE(pass());
    feed_.set({});
    feed_.put(10, "Derde");
    feed_.put(11, "Nieuw");
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
}

TEST_P(FeedMirrorTest, Pitfall24_AStreamThatDoesNotAddUpIsNotBelieved) {
    fill(300);
    FeedFaults faults;
    faults.wrong_digests = 1;
    feed_.set(faults);
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
    if (!GetParam()) return;
    EXPECT_THAT(notes_, Contains(HasSubstr("digest")));
    faults.wrong_digests = 100;
    feed_.set(faults);
    feed_.put(1, "Anders");
    const auto done = pass();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::corrupt);
}

TEST_P(PageMirrorTest, Pitfall26_ACursorThatStandsStillIsAnError) {
    fill(300);
    FeedFaults faults;
    faults.is_stuck = true;
    feed_.set(faults);
    const auto done = pass();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::corrupt);
    EXPECT_THAT(done.error().message, HasSubstr("same page"));
}

TEST_P(FeedMirrorTest, Pitfall27_AShortPageIsNotTheLastOne) {
    fill(100);
    FeedFaults faults;
    faults.page_size = 7;
    feed_.set(faults);
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
}

TEST_P(FeedMirrorTest, Pitfall32_AnOlderVersionNeverReplacesANewerOne) {
    fill(5);
    ASSERT_TRUE(pass());
    feed_.append(1, "OPEN", 9, "Nieuwste");
    ASSERT_TRUE(pass());
    auto newest = copy();
    feed_.append(1, "OPEN", 8, "Ouder");
    feed_.append(2, "VERWIJDERD", 0, "");  // a removal from before
    if (GetParam()) {
        ASSERT_TRUE(pass());
        EXPECT_EQ(copy(), newest);
    }
}

TEST_P(FeedMirrorTest, Pitfall33_WhatIsHeldAlreadyIsNotFetchedAgain) {
    fill(20);
    ASSERT_TRUE(pass());
    feed_.put(1, "Eerst");
    feed_.change_before_batch(1, "Intussen");  // the document is newer than the list
    ASSERT_TRUE(pass());
    if (GetParam()) feed_.put(1, "Intussen");
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
    EXPECT_EQ(feed_.documents_asked(), GetParam() ? 0U : 21U);
}

TEST_P(FeedMirrorTest, Pitfall34_RemovedAndMadeAgainInOneWindow) {
    fill(5);
    ASSERT_TRUE(pass());
    feed_.remove(3);
    feed_.put(3, "Terug");
    feed_.put(6, "Kort");
    feed_.remove(6);
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
}

TEST_P(FeedMirrorTest, Pitfall35_ARestoredBackupIsTakenWholeAlsoWhereVersionsAreLower) {
    fill(50);
    const auto backup = feed_.size();
    for (int i = 0; i < 3; ++i) feed_.put(1, "Later" + std::to_string(i));
    feed_.put(2, "Verloren");
    feed_.put(60, "Verloren");
    ASSERT_TRUE(pass());
    feed_.restore(backup);
    feed_.put(2, "AndereGeschiedenis");  // the same version as was held, another document
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
    EXPECT_THAT(notes_, Contains(HasSubstr("restored backup")));
}

// A line without a document says that the CV is there and which version a later line will have. What is held of it is
// of another history, where the same numbers meant other documents.
TEST_P(StreamMirrorTest, Pitfall35_WhatIsSeenWithoutADocumentAfterARestoreIsStillNotTrusted) {
    fill(50);
    const auto backup = feed_.size();
    for (int i = 0; i < 3; ++i) feed_.put(1, "Later" + std::to_string(i));
    ASSERT_TRUE(pass());
    feed_.restore(backup);
    feed_.change_during_stream(1, "AndereGeschiedenis");
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
}

TEST_P(PageMirrorTest, Pitfall35_WhatCannotBeFetchedAfterARestoreIsStillNotTrusted) {
    fill(50);
    const auto backup = feed_.size();
    for (int i = 0; i < 3; ++i) feed_.put(1, "Later" + std::to_string(i));
    ASSERT_TRUE(pass());
    const auto before = copy();
    feed_.restore(backup);
    feed_.make_unreachable(1);
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), before) << "what cannot be learnt stays as it is";
    feed_.make_unreachable(0);
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
}

TEST_P(StreamMirrorTest, APassEndsAlsoWhenSomethingChangesAllTheTime) {
    fill(20);
    FeedFaults faults;
    faults.restless = 40;
    feed_.set(faults);
    ASSERT_TRUE(pass());
    EXPECT_LE(feed_.streams_sent(), 3U) << "the listing, and what changed meanwhile";
    faults.restless = 0;
    feed_.set(faults);
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
}

TEST_P(PageMirrorTest, WhoFollowsAsksAgainForWhatCouldNotBeLearnt) {
    fill(20);
    feed_.make_unreachable(5);
    std::atomic<bool> is_stopped = false;
    test::MirrorKit kit(feed_.server(), FakeFeed::key, "sqlite:" + copy_, hasty, &is_stopped);
    mirror::MirrorOptions options;
    options.may_stream = false;
    options.follows = true;
    options.interval = std::chrono::seconds{0};
    auto following =
        std::async(std::launch::async, [&] { return mirror::Mirror(*kit.api, *kit.sink, kit.notes, options).run(); });
    const auto comes_to_hold = [&](std::size_t count) {
        for (int tries = 0; tries < 200 && copy().size() != count; ++tries)
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        return copy().size() == count;
    };
    EXPECT_TRUE(comes_to_hold(19));
    feed_.make_unreachable(0);
    EXPECT_TRUE(comes_to_hold(20)) << "no other change, and no new start, is needed";
    is_stopped = true;
    EXPECT_TRUE(following.get());
    EXPECT_TRUE(kit.sink->unresolved()->empty());
}

TEST_P(FeedMirrorTest, Pitfall36_WithoutBatchesOneDetailEachWillDo) {
    fill(120);
    FeedFaults faults;
    faults.has_batches = false;
    faults.has_streams = false;
    feed_.set(faults);
    ASSERT_TRUE(pass());
    EXPECT_EQ(copy(), feed_.published());
    EXPECT_EQ(feed_.documents_asked(), 120U);
}

TEST_P(FeedMirrorTest, ACopyBelongsToOneApi) {
    fill(5);
    ASSERT_TRUE(pass());
    FakeFeed other;
    test::MirrorKit kit(other.server(), FakeFeed::key, "sqlite:" + copy_, hasty);
    const auto done = mirror::Mirror(*kit.api, *kit.sink, kit.notes, {}).run();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace cvstroom
