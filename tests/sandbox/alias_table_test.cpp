#include "sandbox/alias_table.hpp"

#include <gtest/gtest.h>

namespace cvstroom::sandbox {
namespace {

std::vector<double> shares(const std::vector<std::uint64_t>& weights) {
    constexpr int draws = 200'000;
    const AliasTable table(weights);
    Random random(7, 7);
    std::vector<double> counts(weights.size());
    for (int i = 0; i < draws; ++i) counts[table.draw(random)] += 1.0 / draws;
    return counts;
}

TEST(AliasTable, DrawsByWeight) {
    const auto drawn = shares({1, 0, 6, 3});
    EXPECT_NEAR(drawn[0], 0.1, 0.01);
    EXPECT_EQ(drawn[1], 0.0);
    EXPECT_NEAR(drawn[2], 0.6, 0.01);
    EXPECT_NEAR(drawn[3], 0.3, 0.01);
}

TEST(AliasTable, DrawsTheOnlyPositionAlways) {
    EXPECT_NEAR(shares({5})[0], 1.0, 0.001);
}

TEST(Random, StaysWithinItsBounds) {
    Random random(1, 2);
    bool has_least = false;
    bool has_most = false;
    for (int i = 0; i < 1000; ++i) {
        const int drawn = random.between(-3, 4);
        ASSERT_GE(drawn, -3);
        ASSERT_LE(drawn, 4);
        has_least = has_least || drawn == -3;
        has_most = has_most || drawn == 4;
    }
    EXPECT_TRUE(has_least && has_most);
}

TEST(Random, DependsOnSeedAndNumberAlone) {
    EXPECT_EQ(Random(1, 2).next(), Random(1, 2).next());
    EXPECT_NE(Random(1, 2).next(), Random(1, 3).next());
    EXPECT_NE(Random(1, 2).next(), Random(2, 2).next());
    EXPECT_NE(Random(1, 2).next(), Random(2, 1).next());
}

}  // namespace
}  // namespace cvstroom::sandbox
