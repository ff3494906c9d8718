// Proof of equality: what verify says of copies that are right, and of copies that somebody spoiled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mirror/mirror.hpp"
#include "mirror/verify.hpp"
#include "tests/mirror/fake_feed.hpp"
#include "tests/mirror/mirror_kit.hpp"
#include "tests/mirror/mirror_process.hpp"

namespace cvstroom {
namespace {

using mirror::Difference;
using test::FakeFeed;

// 16 bytes of id, then 8 of version, as sha256sum computes it over the same bytes.
TEST(SetDigest, IsTheSumOfTheMembersDigests) {
    const mirror::CvVersion one{Uuid::parse("00000001-0000-4000-8000-000000000000").value(), 1};
    const mirror::CvVersion two{Uuid::parse("00000002-0000-4000-8000-000000000000").value(), 258};
    mirror::SetDigest none;
    EXPECT_EQ(none.to_hex(), std::string(32, '0'));
    mirror::SetDigest first;
    first.add(one);
    EXPECT_EQ(first.to_hex(), "64df6d2505987f7d516bab164a27c633");
    mirror::SetDigest both;
    both.add(two);
    both.add(one);
    EXPECT_EQ(both.to_hex(), "97b86432f8f3ed58a51ee2dba2f6eca1");
}

class VerifyTest : public testing::Test {
  protected:
    VerifyTest() {
        for (int n = 1; n <= 3000; ++n) feed_.put(n, "Naam" + std::to_string(n));
        EXPECT_TRUE(mirror::Mirror(*kit_.api, *kit_.sink, kit_.notes, {}).run());
    }
    static Uuid id(int n) { return Uuid::parse(test::id_of(test::small_document(n, ""))).value(); }
    mirror::Put put(int n, mirror::Version version) const {
        const auto json = test::small_document(n, "Bedorven");
        mirror::Put put{id(n),       version, "", json, std::move(mirror::DocumentFlattener().read(json)->flat),
                        std::nullopt};
        put.is_repair = true;
        return put;
    }

    test::TemporaryFolder folder_;
    std::string copy_ = (folder_ / "copy.db").string();
    FakeFeed feed_;
    test::MirrorKit kit_{feed_.server(), FakeFeed::key, "sqlite:" + copy_};
};

TEST_F(VerifyTest, EqualityTakesOneRequest) {
    const auto report = mirror::verify(*kit_.api, *kit_.sink, false);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->differences.empty());
    EXPECT_EQ(report->held, 3000U);
    EXPECT_EQ(report->requests, 1U);
}

TEST_F(VerifyTest, FindsEveryKindOfDifferenceAndRepairsIt) {
    feed_.put(1500, "Nieuwer");
    ASSERT_TRUE(mirror::Mirror(*kit_.api, *kit_.sink, kit_.notes, {}).run());
    mirror::Batch batch;
    batch.state = kit_.sink->state().value();
    batch.puts = {put(1500, 1), put(9000, 1)};
    batch.removals = {{id(77), mirror::every_version}};
    ASSERT_TRUE(kit_.sink->apply(batch));
    const auto report = mirror::verify(*kit_.api, *kit_.sink, true);
    ASSERT_TRUE(report) << report.error().message;
    std::map<Uuid, Difference::Kind> kinds;
    for (const auto& each : report->differences) kinds[each.cv] = each.kind;
    const std::map<Uuid, Difference::Kind> expected = {{id(1500), Difference::Kind::outdated},
                                                       {id(9000), Difference::Kind::surplus},
                                                       {id(77), Difference::Kind::missing}};
    EXPECT_EQ(kinds, expected);
    EXPECT_LE(report->requests, 20U);
    EXPECT_EQ(report->repaired, 3U);
    EXPECT_EQ(test::read_sqlite_copy(copy_), feed_.published());
    EXPECT_TRUE(mirror::verify(*kit_.api, *kit_.sink, false)->differences.empty());
}

// Somebody deletes from 'cv' alone, and of all CVs the one whose number would be given out next.
TEST_F(VerifyTest, RepairsACopyFromWhichSomebodyDeletedByHand) {
    kit_.sink.reset();
    test::spoil_sqlite(copy_, "DELETE FROM cv WHERE cv IN (7, (SELECT max(cv) FROM cv))");
    kit_.sink = mirror::open_sink("sqlite:" + copy_, mirror::Access::read_write).value();
    const auto report = mirror::verify(*kit_.api, *kit_.sink, true);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->repaired, 2U);
    EXPECT_EQ(report->orphans_removed, 2U);
    EXPECT_EQ(test::read_sqlite_copy(copy_), feed_.published());
    EXPECT_EQ(test::sqlite_number(copy_, "SELECT count(*) FROM person"), 3000);
    EXPECT_EQ(test::sqlite_number(copy_, "SELECT count(DISTINCT cv) FROM competence"), 3000);
    const auto again = mirror::verify(*kit_.api, *kit_.sink, true);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->differences.empty());
    EXPECT_EQ(again->orphans_removed, 0U);
}

// A row whose version is not known (a mark after a restored backup) is held all the same.
TEST_F(VerifyTest, AHeldCvOfUnknownVersionIsOutdatedOrSurplusButNotMissing) {
    mirror::Batch batch;
    batch.state = kit_.sink->state().value();
    batch.puts = {put(9000, 4)};
    ASSERT_TRUE(kit_.sink->apply(batch));
    batch.puts.clear();
    batch.marks = {id(5), id(9000)};
    batch.state.trusted_generation = ++batch.state.generation;
    ASSERT_TRUE(kit_.sink->apply(batch));
    batch.state.trusted_generation = 0;
    ASSERT_TRUE(kit_.sink->apply({{}, {}, {}, {}, {}, false, batch.state}));
    const auto report = mirror::verify(*kit_.api, *kit_.sink, true);
    ASSERT_TRUE(report) << report.error().message;
    std::map<Uuid, Difference::Kind> kinds;
    for (const auto& each : report->differences) kinds[each.cv] = each.kind;
    EXPECT_EQ(kinds, (std::map<Uuid, Difference::Kind>{{id(5), Difference::Kind::outdated},
                                                       {id(9000), Difference::Kind::surplus}}));
    EXPECT_EQ(test::read_sqlite_copy(copy_), feed_.published());
}

TEST_F(VerifyTest, WhatTheCopyKnowsNewerThanItsPositionIsNoDifference) {
    feed_.pin_control(feed_.size());
    feed_.put(5, "Nieuwer");
    mirror::Batch batch;
    batch.state = kit_.sink->state().value();
    batch.puts = {put(5, 2)};  // as a batch that ran ahead of the feed leaves it
    ASSERT_TRUE(kit_.sink->apply(batch));
    const auto report = mirror::verify(*kit_.api, *kit_.sink, false);
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->differences.empty());
}

TEST_F(VerifyTest, ACopyThatIsNotCompleteIsNotJudged) {
    mirror::Batch batch;
    batch.state = kit_.sink->state().value();
    batch.state.phase = mirror::Phase::listing;
    ASSERT_TRUE(kit_.sink->apply(batch));
    const auto report = mirror::verify(*kit_.api, *kit_.sink, false);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::conflict);
    batch.state.phase = mirror::Phase::following;
    batch.state.epoch = "another";
    ASSERT_TRUE(kit_.sink->apply(batch));
    EXPECT_EQ(mirror::verify(*kit_.api, *kit_.sink, false).error().code, ErrorCode::gone);
}

}  // namespace
}  // namespace cvstroom
