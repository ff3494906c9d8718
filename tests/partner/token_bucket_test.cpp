#include "partner/token_bucket.hpp"

#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

#include "partner/quota.hpp"

namespace cvstroom::partner {
namespace {

using namespace std::chrono_literals;

const TokenBucket::Time start{std::chrono::hours{1000}};

TEST(TokenBucket, GivesItsQuotaAtOnceAndNotOneMore) {
    for (const std::uint64_t quota : {1U, 2U, 7U, 2000U, 99'991U}) {
        TokenBucket bucket(quota, 60s);
        for (std::uint64_t n = 0; n < quota; ++n) {
            const auto taken = bucket.take(start);
            ASSERT_TRUE(taken.is_taken) << quota << " at " << n;
            ASSERT_EQ(taken.remaining, quota - n - 1);
        }
        EXPECT_FALSE(bucket.take(start).is_taken) << quota;
        EXPECT_FALSE(bucket.take(start + 60s / (quota * 2)).is_taken) << quota;
    }
}

TEST(TokenBucket, GetsItsTokensBackEvenly) {
    TokenBucket bucket(60, 60s);
    for (int n = 0; n < 60; ++n) bucket.take(start);
    const auto refused = bucket.take(start);
    EXPECT_EQ(refused.until_next, 1s);
    EXPECT_EQ(refused.until_full, 60s);
    EXPECT_FALSE(bucket.take(start + 999ms).is_taken);
    EXPECT_TRUE(bucket.take(start + 1s).is_taken);
    EXPECT_FALSE(bucket.take(start + 1s).is_taken);
    for (int n = 0; n < 60; ++n) EXPECT_TRUE(bucket.take(start + 10min).is_taken) << "never more than the quota";
    EXPECT_FALSE(bucket.take(start + 10min).is_taken);
}

TEST(TokenBucket, ARefusalUsesNothingUpAndATokenCanBeGivenBack) {
    TokenBucket bucket(2, 60s);
    bucket.take(start);
    bucket.take(start);
    for (int n = 0; n < 1000; ++n) bucket.take(start);
    EXPECT_TRUE(bucket.take(start + 30s).is_taken);
    bucket.give_back();
    EXPECT_TRUE(bucket.take(start + 30s).is_taken);
}

// The rule by the book, in exact arithmetic: what passes in any span is at most the quota and what flows back in it.
TEST(TokenBucket, AgreesWithABucketThatIsCountedByHand) {
    std::mt19937 random(20260213);
    for (int round = 0; round < 200; ++round) {
        const std::uint64_t quota = random() % 50 + 1;
        const auto window =
            std::chrono::nanoseconds(static_cast<std::int64_t>(quota) * 1'000'000);  // a token a millisecond
        TokenBucket bucket(quota, window);
        std::int64_t level = static_cast<std::int64_t>(quota) * 1'000'000;  // in millionths of a token
        std::int64_t at = 0;
        for (int step = 0; step < 400; ++step) {
            const auto pause = static_cast<std::int64_t>(random() % 3'000'000);
            at += pause;
            level = std::min(level + pause, static_cast<std::int64_t>(quota) * 1'000'000);
            const bool expected = level >= 1'000'000;
            if (expected) level -= 1'000'000;
            ASSERT_EQ(bucket.take(start + std::chrono::nanoseconds(at)).is_taken, expected)
                << "round " << round << " step " << step;
        }
    }
}

TEST(TokenBucket, IsExactForManyThreads) {
    TokenBucket bucket(10'000, std::chrono::hours{24});
    std::atomic<int> taken{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int n = 0; n < 5000; ++n) taken += bucket.take(start).is_taken ? 1 : 0;
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(taken, 10'000);
}

TEST(Quota, NamesTheLimitThatIsBrokenAndGivesTheOtherTokenBack) {
    Quota quota(100, 2);
    EXPECT_TRUE(quota.take(start).is_granted);
    EXPECT_EQ(limit_field(quota.take(start)), R"("minuut";r=98;t=2, "dag";r=0;t=86400)");
    const auto refused = quota.take(start);
    EXPECT_FALSE(refused.is_granted);
    EXPECT_TRUE(refused.is_day_broken);
    EXPECT_EQ(refused.broken_limit, 2U);
    EXPECT_EQ(refused.retry_after, 43'200U);
    EXPECT_EQ(limit_field(refused), R"("dag";r=0;t=43200)");
    EXPECT_EQ(quota.take_served(), 2U);
    EXPECT_EQ(quota.take_refused(), 1U);
    Quota minute(1, 100);
    minute.take(start);
    EXPECT_EQ(minute.take(start).retry_after, 60U);
    EXPECT_EQ(limit_field(minute.take(start)), R"("minuut";r=0;t=60)");
}

}  // namespace
}  // namespace cvstroom::partner
