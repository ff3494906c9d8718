// The follower keeps the index equal to what the store publishes, whoever writes.
#include "index/follower.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <thread>

#include "store/intake.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::index {
namespace {

using namespace std::chrono_literals;

const reference::ReferenceData& lists() {
    static const auto loaded = reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
    return *loaded;
}

const reference::CurrentLists& current_lists() {
    static const reference::CurrentLists current(reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value());
    return current;
}

class FollowerTest : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
    SystemClock clock_;
    std::unique_ptr<store::SqliteStore> store_ = open();
    Index index_;
    Follower follower_{*store_, index_, current_lists()};

    std::unique_ptr<store::SqliteStore> open() {
        return store::SqliteStore::open(folder_ / "cv.db", store::SqliteStore::Mode::create_if_missing, clock_).value();
    }
    static store::Write document(std::uint32_t n, int edition) {
        store::Intake intake(lists());
        return intake
            .prepare(R"({"cvId":")" + test::make_id(n).to_string() +
                     R"(","status":"OPEN","wijzigingsDatum":"2026-02-13","iklId":)" + std::to_string(edition) +
                     R"(,"competenties":[{"type":"talen","code":"N","niveau":"3"}]})")
            .value();
    }
    static store::Seq put(store::Store& store, const store::Write& write) {
        return store.append(std::span(&write, 1)).value().front().seq;
    }
    // The index holds exactly the current version of every published CV.
    void expect_equal_to_store() {
        std::set<store::Seq> published;
        ASSERT_TRUE(store_->visit_published(
            0, ~store::Seq{0} >> 1U,
            [&](const store::Change& change, std::string_view) { return published.insert(change.seq).second; }));
        std::set<store::Seq> indexed;
        for (const auto& part : index_.snapshot()->parts) {
            for (Row row = 0; row < part.segment->size(); ++row) {
                if (!part.dead->contains(row)) indexed.insert(part.segment->row(row).seq);
            }
        }
        EXPECT_EQ(indexed, published);
    }
};

TEST_F(FollowerTest, RebuildsFromTheStore) {
    for (std::uint32_t n = 0; n < 50; ++n) put(*store_, document(n, 1));
    put(*store_, document(7, 2));
    put(*store_, test::make_erasure(test::make_id(8)));
    std::uint64_t reported = 0;
    ASSERT_TRUE(follower_.rebuild([&](std::uint64_t done, std::uint64_t) { reported = done; }));
    EXPECT_EQ(reported, 49U);
    EXPECT_EQ(index_.snapshot()->watermark, 52U);
    expect_equal_to_store();
}

TEST_F(FollowerTest, FollowsWritesOfThisProcessAndOfOthers) {
    ASSERT_TRUE(follower_.rebuild({}));
    follower_.start();
    EXPECT_TRUE(follower_.wait_until_applied(put(*store_, document(1, 1)), 30s));
    const auto other = open();
    EXPECT_TRUE(follower_.wait_until_applied(put(*other, document(2, 1)), 30s));
    EXPECT_TRUE(follower_.wait_until_applied(put(*other, test::make_erasure(test::make_id(1))), 30s));
    EXPECT_FALSE(follower_.wait_until_applied(1000, 1ms));
    expect_equal_to_store();
}

TEST_F(FollowerTest, EndsEqualAfterManyWritesThatSupersedeEachOther) {
    std::vector<store::Seq> dead;
    index_.on_dead_version([&](store::Seq seq) { dead.push_back(seq); });
    ASSERT_TRUE(follower_.rebuild({}));
    follower_.start();
    std::mt19937 random(5);
    store::Seq last = 0;
    for (int n = 0; n < 400; ++n) {
        const auto cv = static_cast<std::uint32_t>(random() % 20);
        last =
            std::max(last, put(*store_, random() % 5 == 0 ? test::make_erasure(test::make_id(cv)) : document(cv, n)));
    }
    ASSERT_TRUE(follower_.wait_until_applied(last, 30s));
    follower_.stop();
    expect_equal_to_store();
    EXPECT_FALSE(dead.empty());
    for (const auto seq : dead) EXPECT_FALSE(store_->document(seq).value()) << "a version was called dead that is not";
}

}  // namespace
}  // namespace cvstroom::index
