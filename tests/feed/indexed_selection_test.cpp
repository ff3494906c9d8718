// First loads of selections by the search index: the same as without it, whatever happened before, meanwhile and since.
#include <gtest/gtest.h>

#include <random>

#include "feed/feed.hpp"
#include "index/follower.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/feed/moved_region.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::feed {
namespace {

using candidate::Status;
using index::Dimension;

const std::vector<std::string> regions{"BE2", "BE23", "BE231", "BE231A", "BE211A", "BE212A", "BE211", "BE234"};

class IndexedSelection : public testing::TestWithParam<std::uint32_t> {
  protected:
    std::mt19937 random_{GetParam()};
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    std::unique_ptr<store::SqliteStore> store_ =
        store::SqliteStore::open(folder_ / "cv.db", store::SqliteStore::Mode::create_if_missing, clock_).value();
    reference::CurrentLists lists_{reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value()};
    index::Index index_;
    index::Follower follower_{*store_, index_, lists_};
    IndexedVersions indexed_{index_, lists_};
    Feed feed_{*store_, clock_, &indexed_};

    std::uint32_t pick(std::uint32_t count) {
        return std::uniform_int_distribution<std::uint32_t>(0, count - 1)(random_);
    }
    std::string document() {
        std::string wanted;
        for (auto n = pick(3); n > 0; --n) wanted += (wanted.empty() ? "\"" : ",\"") + regions[pick(8)] + "\"";
        std::string languages;
        for (const char* code : {"N", "F"}) {
            if (pick(2) == 0) continue;
            languages += std::string(languages.empty() ? "" : ",") + R"({"type":"talen","code":")" + code +
                         R"(","niveau":")" + std::to_string(pick(4) + 1) + R"("})";
        }
        return R"({"competenties":[)" + languages + R"(],"gewensteJob":{"regios":[)" + wanted + R"(]},"iklId":)" +
               std::to_string(pick(1000)) + "}";
    }
    void change(int count) {
        std::vector<store::Write> batch;
        for (; count > 0; --count) {
            const Uuid id = test::make_id(pick(120));
            const auto kind = pick(12);
            batch.push_back(kind == 0 ? test::make_erasure(id)
                                      : test::make_write(id, document(), kind == 1 ? Status::closed : Status::open));
        }
        clock_.advance(std::chrono::seconds{1});
        ASSERT_TRUE(store_->append(batch));
    }
    search::Criteria criteria() {
        search::Criteria found;
        found.keep_unknown = pick(4) == 0;
        search::Criterion region{Dimension::region, pick(4) == 0, {}, {}};
        for (auto n = pick(3); n > 0; --n) region.wanted.push_back({regions[pick(8)], 0});
        if (pick(3) == 0) region.excluded.push_back({regions[pick(8)], 0});
        if (!region.wanted.empty() || !region.excluded.empty()) found.criteria.push_back(region);
        if (pick(2) == 0) {
            search::Criterion language{Dimension::language, pick(2) == 0, {}, {}};
            language.wanted.push_back({pick(2) == 0 ? "N" : "F", static_cast<std::uint16_t>(pick(4))});
            if (pick(3) == 0) language.excluded.push_back({"F", static_cast<std::uint16_t>(pick(5))});
            found.criteria.push_back(language);
        }
        return found;
    }
    Position first_load(const SelectionPointer& selection) {
        return feed_.resolve(WindowRequest{{}, {}, 0, selection}).value();
    }
    // By pages and by pieces, with the index and without it.
    void expect_same(const Position& position, bool is_by_index) {
        const auto expected = Feed(*store_, clock_).read(position, 2000).value();
        Feed fresh(*store_, clock_, &indexed_);
        const auto found = fresh.read(position, 2000).value();
        ASSERT_EQ(found.total, expected.total);
        for (std::size_t i = 0; i < expected.changes.size(); ++i)
            ASSERT_EQ(found.changes[i].seq, expected.changes[i].seq);
        auto prepared = position;
        ASSERT_TRUE(fresh.prepare(prepared));
        EXPECT_EQ(prepared.candidates != nullptr, is_by_index);
        std::size_t next = 0;
        for (store::Seq reached = 0; reached < prepared.range.until;) {
            const auto piece = fresh.read_on(prepared, reached, 7).value();
            for (const auto& each : piece.changes) ASSERT_EQ(each.change.seq, expected.changes[next++].seq);
            reached = piece.reached;
        }
        EXPECT_EQ(next, expected.changes.size());
    }
};

TEST_P(IndexedSelection, IsTheSameAsWithoutTheIndex) {
    for (int round = 0; round < 6; ++round) {
        change(60);
        ASSERT_TRUE(follower_.rebuild({}));
        const auto at_once = first_load(make_selection(criteria(), lists_.get()));
        expect_same(at_once, true);
        change(40);
        expect_same(at_once, true);  // the log is ahead of the index
        ASSERT_TRUE(follower_.rebuild({}));
        expect_same(at_once, true);  // and the index of the window
    }
}

TEST_P(IndexedSelection, GoesByTheStoreWhereTheIndexCannotSay) {
    change(60);
    ASSERT_TRUE(follower_.rebuild({}));
    change(5);
    expect_same(first_load(make_selection(criteria(), lists_.get())), false);
    ASSERT_TRUE(follower_.rebuild({}));
    const auto other_lists = test::lists_with_aalst_elsewhere();
    expect_same(first_load(make_selection(criteria(), other_lists)), false);
}

// A list was another for a while, and is as before: rows of that time lie in other regions than they should.
TEST_P(IndexedSelection, IsRightWithRowsThatWereMadeWithOtherLists) {
    const auto before = lists_.get();
    lists_.set(test::lists_with_aalst_elsewhere());
    change(120);
    ASSERT_TRUE(follower_.rebuild({}));
    lists_.set(before);
    for (int round = 0; round < 6; ++round) expect_same(first_load(make_selection(criteria(), before)), true);
}

INSTANTIATE_TEST_SUITE_P(Histories, IndexedSelection, testing::Range(1U, 7U));

}  // namespace
}  // namespace cvstroom::feed
