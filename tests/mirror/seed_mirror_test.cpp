// --profile seed against a provider that misbehaves as real ones do. Numbers in names are rows of the list of faults
// that public systems really had (docs/feed.md).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "mirror/seed_mirror.hpp"
#include "tests/mirror/fake_provider.hpp"
#include "tests/mirror/mirror_kit.hpp"
#include "tests/mirror/mirror_process.hpp"

namespace cvstroom {
namespace {

using namespace std::chrono_literals;
using test::FakeProvider;
using testing::Contains;
using testing::HasSubstr;

class SeedMirrorTest : public testing::Test {
  protected:
    // One pass, and what is wrong with it.
    Result<void> pass(FakeProvider& provider, mirror::SeedOptions options = {}) {
        test::MirrorKit kit(provider.server(), FakeProvider::key, "sqlite:" + copy_);
        const auto done = mirror::SeedMirror(*kit.api, *kit.sink, kit.notes, options).run();
        notes_ = kit.notes.notes;
        applied_ = kit.notes.applied;
        unresolved_ = kit.sink->unresolved().value();
        return done;
    }
    static void fill(FakeProvider& provider, int count) {
        for (int n = 1; n <= count; ++n) provider.put(n, "Naam" + std::to_string(n));
    }

    test::TemporaryFolder folder_;
    std::string copy_ = (folder_ / "copy.db").string();
    std::vector<std::string> notes_;
    mirror::Applied applied_;
    std::vector<mirror::Unresolved> unresolved_;
};

TEST_F(SeedMirrorTest, UsesNothingButTheSeedsThreeCalls) {
    FakeProvider provider;  // refuses any other parameter
    fill(provider, 300);
    provider.close(5);
    provider.close(6, "VERWIJDERD");
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
    provider.put(1, "Anders");
    provider.close(2);
    provider.put(400, "Nieuw");
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
    EXPECT_EQ(applied_.created, 1U);
    EXPECT_EQ(applied_.updated, 1U);
    EXPECT_EQ(applied_.removed, 1U);
    ASSERT_TRUE(pass(provider));
    EXPECT_EQ(applied_.created + applied_.updated + applied_.removed, 0U) << "the same documents are no changes";
}

TEST_F(SeedMirrorTest, Pitfall08_PagesThatMoveLoseNothing) {
    FakeProvider provider;
    fill(provider, 5000);
    provider.let_a_second_pass();
    std::mt19937 random(8);
    int more = 400;
    provider.between_pages([&] {
        // The row moves out of a page that was read, and its neighbours move up.
        if (more-- > 0) provider.put(static_cast<int>(random() % 2000 + 1), "Bewogen" + std::to_string(more));
    });
    ASSERT_TRUE(pass(provider));
    provider.between_pages(nullptr);
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
}

TEST_F(SeedMirrorTest, Pitfall02_LateCommitsAreCaughtByTheOverlap) {
    FakeProvider provider;
    fill(provider, 50);
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    provider.put_late(60, "TeLaat", 5min);
    provider.put_late(7, "OokTeLaat", 10min);
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
}

TEST_F(SeedMirrorTest, Pitfall02_WhatIsLaterThanTheOverlapIsCaughtByReconciliation) {
    FakeProvider provider;
    fill(provider, 50);
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    provider.put_late(60, "VeelTeLaat", 5h);
    provider.put_late(7, "OokVeelTeLaat", 5h);
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    EXPECT_NE(test::read_sqlite_copy(copy_), provider.published()) << "the overlap alone cannot see this";
    mirror::SeedOptions options;
    options.reconcile_every = 0s;
    ASSERT_TRUE(pass(provider, options));
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
}

TEST_F(SeedMirrorTest, Pitfall15_WhatLeavesWithoutATombstoneIsFoundByReconciliation) {
    FakeProvider provider;
    fill(provider, 50);
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    provider.remove_row(9);
    mirror::SeedOptions options;
    options.reconcile_every = 0s;
    ASSERT_TRUE(pass(provider, options));
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
    EXPECT_THAT(notes_, Contains(HasSubstr("1 CVs are held and not listed")));
}

TEST_F(SeedMirrorTest, Pitfall34_RowsThatStandTwiceAreOneCv) {
    FakeProvider provider;
    fill(provider, 100);
    provider.list_twice(true);
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
    EXPECT_EQ(applied_.created, 100U);
}

TEST_F(SeedMirrorTest, Pitfall28_AHiddenCapIsCutThroughByTime) {
    for (const bool counts_all : {true, false}) {
        FakeProvider provider;
        for (int n = 1; n <= 3000; ++n) provider.put_late(n, "Naam", std::chrono::seconds{n * 60});
        provider.cap_rows(1000, counts_all);
        std::filesystem::remove(copy_);
        ASSERT_TRUE(pass(provider));
        EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published()) << counts_all;
    }
}

TEST_F(SeedMirrorTest, EndsEqualThroughErrorsCutBodiesAndWrongLengths) {
    FakeProvider provider;
    fill(provider, 1500);
    provider.set_faults({30, 60, 60, 40, 40, 20});
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    ASSERT_TRUE(pass(provider));
    EXPECT_EQ(unresolved_.size(), 0U);
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
}

TEST_F(SeedMirrorTest, ObeysRetryAfterInAStorm) {
    FakeProvider provider;
    fill(provider, 800);
    provider.let_a_second_pass();
    std::thread trouble([&] {
        for (int tries = 0; tries < 500 && provider.detail_requests() < 100; ++tries) std::this_thread::sleep_for(2ms);
        provider.storm(2s);
    });
    const auto done = pass(provider);
    trouble.join();
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(provider.impatient_requests(), 0U);
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
}

TEST_F(SeedMirrorTest, IdsThatVanishBetweenListAndDetailAreGone) {
    FakeProvider provider;
    fill(provider, 60);
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    provider.forget(3);
    provider.put(4, "Anders");
    provider.put(5, "Anders");
    provider.forget(5);
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
}

TEST_F(SeedMirrorTest, SaysExactlyWhatItCouldNotLearnAndLearnsItLater) {
    FakeProvider provider;
    fill(provider, 40);
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    provider.put(11, "Anders");
    provider.break_detail(11, true);
    provider.put(12, "Anders");
    provider.let_a_second_pass();
    const auto done = pass(provider);
    ASSERT_TRUE(done) << done.error().message;
    ASSERT_EQ(unresolved_.size(), 1U);
    EXPECT_EQ(unresolved_[0].cv.to_string(), test::id_of(test::small_document(11, "")));
    EXPECT_THAT(unresolved_[0].reason, HasSubstr("500"));
    auto expected = provider.published();
    expected[test::id_of(test::small_document(11, ""))] = test::small_document(11, "Naam11");  // what was held stays
    EXPECT_EQ(test::read_sqlite_copy(copy_), expected);
    provider.break_detail(11, false);
    ASSERT_TRUE(pass(provider));
    EXPECT_TRUE(unresolved_.empty());
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
}

TEST_F(SeedMirrorTest, AStatusThatNobodyKnowsIsNotOpen) {
    FakeProvider provider;
    fill(provider, 10);
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    provider.close(3, "GEPAUZEERD");
    provider.let_a_second_pass();
    ASSERT_TRUE(pass(provider));
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
}

TEST_F(SeedMirrorTest, Pitfall31_ClocksThatDifferByHoursDoNotMatter) {
    for (const auto skew : {std::chrono::seconds{-26h}, std::chrono::seconds{9h}}) {
        FakeProvider provider(skew);
        std::filesystem::remove(copy_);
        fill(provider, 20);
        provider.let_a_second_pass();
        ASSERT_TRUE(pass(provider));
        provider.put(3, "Anders");
        provider.let_a_second_pass();
        ASSERT_TRUE(pass(provider));
        EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
    }
}

TEST_F(SeedMirrorTest, AServerThatIsDownIsUnavailableAndNothingIsMarked) {
    FakeProvider provider;
    fill(provider, 300);
    provider.let_a_second_pass();
    provider.set_faults({0, 1000, 0, 0, 0, 0});
    const auto done = pass(provider);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::unavailable);
    EXPECT_TRUE(unresolved_.empty());
    provider.set_faults({});
    ASSERT_TRUE(pass(provider));
    EXPECT_EQ(test::read_sqlite_copy(copy_), provider.published());
}

}  // namespace
}  // namespace cvstroom
