#include "index/merge_policy.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "index/segment_builder.hpp"

namespace cvstroom::index {
namespace {

// A part of `rows` rows, of which the first `dead` are dead.
Part part(Row rows, Row dead = 0) {
    SegmentBuilder builder;
    for (Row row = 0; row < rows; ++row) builder.add({Uuid::random(), row + 1, {}, 1}, DocumentTerms{});
    std::vector<Row> killed(dead);
    std::iota(killed.begin(), killed.end(), Row{0});
    return {builder.build(), std::make_shared<DeadRows>(DeadRows().with(killed, rows))};
}

TEST(MergePolicy, LeavesWellSpacedPartsAlone) {
    EXPECT_FALSE(choose_merge({}));
    EXPECT_FALSE(choose_merge({part(10)}));
    EXPECT_FALSE(choose_merge({part(100), part(20), part(4)}));
}

TEST(MergePolicy, MergesTheNewestPartsThatAreTooClose) {
    const auto run = choose_merge({part(1000), part(20), part(10), part(5)});
    ASSERT_TRUE(run);
    EXPECT_EQ(run->first, 1U);
    EXPECT_EQ(run->last, 4U);
}

TEST(MergePolicy, CountsLiveRowsOnly) {
    const auto run = choose_merge({part(100, 90), part(5)});
    ASSERT_TRUE(run);
    EXPECT_EQ(run->first, 0U);
}

TEST(MergePolicy, RewritesALargePartThatIsMostlyDead) {
    const auto run = choose_merge({part(3000, 1500), part(2)});
    ASSERT_TRUE(run);
    EXPECT_EQ(run->first, 0U);
    EXPECT_EQ(run->last, 1U);
}

}  // namespace
}  // namespace cvstroom::index
