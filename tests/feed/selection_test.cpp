// A feed of a part of the CVs, and history that ends, under random histories.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "feed/feed.hpp"
#include "feed/retention.hpp"
#include "reference/current_lists.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/feed/moved_region.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::feed {
namespace {

using namespace std::chrono_literals;
using candidate::Status;

reference::CurrentLists::Pointer lists() {
    static const auto loaded = reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
    return loaded;
}

// Who wants to work in the province around Aalst (BE23), which BE231A lies in and BE211A does not.
SelectionPointer wants_be23() {
    search::Criteria criteria;
    criteria.criteria.push_back({index::Dimension::region, false, {{"BE23", 0}}, {}});
    return make_selection(criteria, lists());
}

std::string document(bool matches, std::uint32_t salt) {
    return R"({"gewensteJob":{"regios":[")" + std::string(matches ? "BE231A" : "BE211A") + R"("]},"iklId":)" +
           std::to_string(salt) + "}";
}

class SelectionTest : public testing::TestWithParam<std::uint32_t> {
  protected:
    std::mt19937 random_{GetParam()};
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    std::unique_ptr<store::SqliteStore> store_ =
        store::SqliteStore::open(folder_ / "cv.db", store::SqliteStore::Mode::create_if_missing, clock_).value();
    Feed feed_{*store_, clock_};
    const SelectionPointer selection_ = wants_be23();
    std::set<Uuid> truth_;   // who is published and matches
    std::set<Uuid> erased_;  // who was ever erased
    bool may_erase_ = true;

    std::uint32_t pick(std::uint32_t count) {
        return std::uniform_int_distribution<std::uint32_t>(0, count - 1)(random_);
    }
    void change() {
        clock_.advance(std::chrono::milliseconds{pick(2000)});
        const Uuid id = test::make_id(pick(25));
        const auto kind = pick(10);
        const bool matches = pick(2) == 0;
        auto write = kind == 0 && may_erase_
                         ? test::make_erasure(id)
                         : test::make_write(id, document(matches, pick(3)), kind == 1 ? Status::closed : Status::open);
        ASSERT_TRUE(store_->append(std::span(&write, 1)));
        if (write.status == Status::erased) erased_.insert(id);
        if (write.status == Status::open && matches) {
            truth_.insert(id);
        } else {
            truth_.erase(id);
        }
    }
    void apply(const Page& page, std::set<Uuid>& held) {
        for (std::size_t i = 0; i < page.changes.size(); ++i) {
            const auto& change = page.changes[i];
            if (change.status == Status::open && !page.has_left[i]) {
                held.insert(change.cv);
                continue;
            }
            const bool was_held = held.erase(change.cv) == 1;
            if (!erased_.contains(change.cv)) {
                EXPECT_TRUE(was_held) << "who never had it is not told that it left: pitfall 14, exactly once";
            }
        }
    }
    Page read(const Position& position, std::uint32_t count) { return feed_.read(position, count).value(); }
};

TEST_P(SelectionTest, Pitfall14_APartnerOfASelectionEndsWithWhatMatches) {
    std::set<Uuid> held;
    std::string cursor;
    for (int step = 0; step < 120; ++step) {
        for (auto n = pick(4); n > 0; --n) change();
        const auto position =
            cursor.empty() ? feed_.resolve(WindowRequest{{}, {}, 0, selection_}) : feed_.resolve(cursor, selection_);
        const auto page = read(position.value(), pick(5) + 1);
        apply(page, held);
        cursor = feed_.encode(page.next);
    }
    for (int calls = 0; calls < 100; ++calls) {
        const auto page = read(feed_.resolve(cursor, selection_).value(), 5);
        apply(page, held);
        cursor = feed_.encode(page.next);
        if (page.is_last && page.changes.empty()) break;
    }
    EXPECT_EQ(held, truth_);
}

// The window at every cut gives what it gave, whatever has been superseded since.
TEST_P(SelectionTest, Pitfall12_AWindowOfASelectionStaysAsItWas) {
    may_erase_ = false;
    std::vector<std::pair<Position, Page>> answered;
    Instant from{};
    for (int step = 0; step < 30; ++step) {
        for (auto n = pick(5); n > 0; --n) change();
        const auto position = feed_.resolve(WindowRequest{from, {}, 0, selection_}).value();
        answered.emplace_back(position, read(position, 2000));
        from = position.until;
    }
    Feed fresh(*store_, clock_);  // without anything that was kept
    for (const auto& [position, page] : answered) {
        const auto again = fresh.read(position, 2000).value();
        ASSERT_EQ(again.total, page.total);
        EXPECT_EQ(again.has_left, page.has_left);
        for (std::size_t i = 0; i < page.changes.size(); ++i) EXPECT_EQ(again.changes[i].seq, page.changes[i].seq);
    }
}

// Pages and pieces of a stream tell the same.
TEST_P(SelectionTest, Pitfall10_PiecesMakeTheSameWindow) {
    for (int step = 0; step < 80; ++step) change();
    const auto position = feed_.resolve(WindowRequest{Instant{}, {}, 0, selection_}).value();
    const auto whole = read(position, 2000);
    std::vector<store::Seq> pieces;
    store::Seq reached = position.range.from;
    for (bool is_last = false; !is_last;) {
        const auto piece = feed_.read_on(position, reached, 7).value();
        for (const auto& each : piece.changes) pieces.push_back(each.change.seq);
        is_last = piece.is_last;
        reached = piece.reached;
    }
    std::vector<store::Seq> expected;
    for (const auto& change : whole.changes) expected.push_back(change.seq);
    EXPECT_EQ(pieces, expected);
}

INSTANTIATE_TEST_SUITE_P(Histories, SelectionTest, testing::Range(1U, 9U));

class RetentionTest : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    std::unique_ptr<store::SqliteStore> store_ =
        store::SqliteStore::open(folder_ / "cv.db", store::SqliteStore::Mode::create_if_missing, clock_).value();
    Feed feed_{*store_, clock_};

    void put(std::uint32_t id, const std::string& json) {
        clock_.advance(1s);
        const auto write = test::make_write(test::make_id(id), json);
        ASSERT_TRUE(store_->append(std::span(&write, 1)));
    }
    Instant now() { return feed_.resolve(WindowRequest{}).value().until; }
};

TEST_F(RetentionTest, ACursorIsBoundToItsSelection) {
    put(1, document(true, 1));
    const auto selected = feed_.read(feed_.resolve(WindowRequest{{}, {}, 0, wants_be23()}).value(), 10).value();
    const auto whole = feed_.read(feed_.resolve(WindowRequest{}).value(), 10).value();
    EXPECT_TRUE(feed_.resolve(feed_.encode(selected.next), wants_be23()));
    EXPECT_EQ(feed_.resolve(feed_.encode(selected.next)).error().code, ErrorCode::invalid_input);
    EXPECT_EQ(feed_.resolve(feed_.encode(whole.next), wants_be23()).error().code, ErrorCode::invalid_input);
}

// No CV changed, and others match: who goes on with the cursor would never hear who left.
TEST_F(RetentionTest, Pitfall14_AReplacedListThatChangesTheSelectionMakesItsCursorsGone) {
    put(1, document(true, 1));
    const auto replaced = test::lists_with_aalst_elsewhere();
    const auto select = [](const char* region, const reference::CurrentLists::Pointer& known) {
        search::Criteria criteria;
        criteria.criteria.push_back({index::Dimension::region, false, {{region, 0}}, {}});
        return make_selection(criteria, known);
    };
    const auto cursor_of = [this](const SelectionPointer& selection) {
        return feed_.encode(feed_.read(feed_.resolve(WindowRequest{{}, {}, 0, selection}).value(), 10).value().next);
    };
    const auto cursor = cursor_of(select("BE23", lists()));
    EXPECT_TRUE(feed_.resolve(cursor, select("BE23", lists())));
    const auto refused = feed_.resolve(cursor, select("BE23", replaced));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::gone);
    EXPECT_NE(refused.error().message.find("code list"), std::string::npos);
    EXPECT_EQ(feed_.read(feed_.resolve(WindowRequest{{}, {}, 0, select("BE23", replaced)}).value(), 10)->total, 0U);
    // A selection that the replaced list means the same by goes on.
    EXPECT_TRUE(feed_.resolve(cursor_of(select("BE234", lists())), select("BE234", replaced)));
    EXPECT_EQ(feed_.resolve(cursor, select("BE234", replaced)).error().code, ErrorCode::invalid_input);
}

// A page of a selection needs its whole window judged, which is done in steps of a bounded size.
TEST_F(RetentionTest, AWindowOfASelectionIsJudgedStepByStep) {
    std::vector<store::Write> batch;
    for (std::uint32_t n = 0; n < 2500; ++n)
        batch.push_back(test::make_write(test::make_id(n), document(n % 3 == 0, n)));
    ASSERT_TRUE(store_->append(batch));
    clock_.advance(1s);
    const auto position = feed_.resolve(WindowRequest{{}, {}, 0, wants_be23()}).value();
    Feed::Walk walk(position);
    int steps = 1;
    while (!feed_.walk_on(walk).value()) ++steps;
    EXPECT_GE(steps, 3);
    ASSERT_EQ(walk.whole->size(), 834U);
    const auto page = Feed(*store_, clock_).read(position, 2000).value();
    ASSERT_EQ(page.total, 834U);
    for (std::size_t i = 0; i < 834; ++i) EXPECT_EQ(page.changes[i].seq, (*walk.whole)[i].change.seq);
    EXPECT_TRUE(feed_.walk_on(walk).value()) << "it is known now";
}

// When many wait, a change is read once for all of them: what the store holds is not asked again for a moment.
TEST_F(RetentionTest, WhatWasJudgedAMomentAgoIsNotReadAgain) {
    put(1, document(false, 1));
    const auto position = feed_.resolve(WindowRequest{Instant{}, {}, 0, wants_be23()}).value();
    const auto changes = store_->changes_after(0, 10).value();
    const auto judge = [&](JudgedCodes* judged) {
        return select(*store_, *position.selection, position.range, changes, judged)->size();
    };
    JudgedCodes judged;
    EXPECT_EQ(judge(&judged), 0U);
    ASSERT_TRUE(judged.find(changes[0].seq));
    EXPECT_EQ(*judged.find(changes[0].seq), "rBE211A\n") << "codes alone";
    judged.keep(changes[0].seq, std::make_shared<const std::string>("rBE231A\n"));
    EXPECT_EQ(judge(&judged), 1U) << "it went by what was kept";
    judged.clear();
    EXPECT_FALSE(judged.find(changes[0].seq));
    EXPECT_EQ(judge(&judged), 0U);
}

// An erasure does not reach it, so time does, whether anything is judged or not.
TEST(JudgedCodesTest, AreDroppedWhenTheirTimeIsOver) {
    JudgedCodes judged;
    judged.keep(7, std::make_shared<const std::string>("rBE211A\n"));
    const auto now = std::chrono::steady_clock::now();
    judged.expire(now);
    EXPECT_TRUE(judged.find(7));
    judged.expire(now + JudgedCodes::judged_for / 2);
    EXPECT_TRUE(judged.find(7));
    judged.expire(now + JudgedCodes::judged_for);
    EXPECT_FALSE(judged.find(7));
    judged.keep(8, std::make_shared<const std::string>("rBE211A\n"));
    judged.expire(now + 10 * JudgedCodes::judged_for);
    EXPECT_FALSE(judged.find(8)) << "also when nobody called for long";
}

// A window that begins at the edge of what is kept, read by somebody who is slower than time.
TEST_F(RetentionTest, Pitfall16_AReaderWhomHistoryOvertakesIsToldSo) {
    for (int n = 0; n < 20; ++n) put(static_cast<std::uint32_t>(n % 4), std::to_string(n));
    const auto window = feed_.resolve(WindowRequest{Instant{}, now() - 8s, 0}).value();
    const auto first = feed_.read_on(window, window.range.from, 2);
    ASSERT_TRUE(first);
    clock_.advance(24h * 92);
    put(9, "later");
    ASSERT_GT(forget_old(*store_, clock_, {}).value(), 0U);
    const auto rest = feed_.read_on(window, first->reached, 100);
    ASSERT_FALSE(rest) << "entries of the window are gone; an end without them would be a lie";
    EXPECT_EQ(rest.error().code, ErrorCode::gone);
}

TEST_F(RetentionTest, Pitfall16_WhatIsPastHistoryIsGoneAndTheRestStaysAsItWas) {
    for (int n = 0; n < 20; ++n) put(static_cast<std::uint32_t>(n % 4), std::to_string(n));
    const Instant old_window = now() - 10s;
    const auto old_cursor = feed_.encode(feed_.read(feed_.resolve(WindowRequest{}).value(), 2).value().next);
    const auto old_end = feed_.encode(feed_.read(feed_.resolve(WindowRequest{}).value(), 100).value().next);
    clock_.advance(24h * 89);
    const Instant recent = now();
    for (int n = 0; n < 20; ++n) put(static_cast<std::uint32_t>(n % 4), std::to_string(n + 100));
    const auto window = feed_.resolve(WindowRequest{recent, now(), 0}).value();
    const auto before = feed_.read(window, 100).value();
    EXPECT_TRUE(feed_.resolve(WindowRequest{old_window, {}, 0})) << "within ninety days";

    clock_.advance(24h * 2);
    put(9, "later");
    EXPECT_EQ(forget_old(*store_, clock_, {}).value(), 16U) << "the versions that were superseded in the first seconds";
    for (const auto& refused : {feed_.resolve(WindowRequest{old_window, {}, 0}), feed_.resolve(old_cursor),
                                feed_.resolve(old_end), feed_.resolve(WindowRequest{{}, old_window, 0})}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::gone);
        EXPECT_NE(refused.error().message.find("history reaches back to"), std::string::npos);
    }
    Feed fresh(*store_, clock_);
    const auto after = fresh.read(window, 100).value();
    ASSERT_EQ(after.changes.size(), before.changes.size());
    for (std::size_t i = 0; i < after.changes.size(); ++i) EXPECT_EQ(after.changes[i].seq, before.changes[i].seq);
    EXPECT_EQ(fresh.read(fresh.resolve(WindowRequest{}).value(), 100).value().total, 5U) << "the initial load is whole";
    EXPECT_EQ(forget_old(*store_, clock_, {}).value(), 0U);
}

}  // namespace
}  // namespace cvstroom::feed
