#include "http/fair_turns.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace cvstroom::http {
namespace {

using namespace std::chrono_literals;

// Time that passes only where a request takes it: what else the machine does is not in it.
FairTurns::Clock::time_point time_now;

class FairTurnsTest : public testing::Test {
  protected:
    boost::asio::io_context context_;
    FairTurns turns_{context_, [] { return time_now; }};
    std::string served_;

    // As a session does it: at once when it may, or later. `takes` is the request's time.
    void request(std::uint64_t flow, char name, std::chrono::nanoseconds takes) {
        const auto work = [this, name, takes] {
            served_ += name;
            time_now += takes;
        };
        if (!turns_.may_begin(flow)) return turns_.defer(flow, work);
        work();
        turns_.ended(flow, takes);
    }
};

TEST_F(FairTurnsTest, LetsAPoliteOneInBeforeTheRestOfAGreedyOnes) {
    for (int n = 0; n < 200; ++n) request(1, 'g', 50us);
    EXPECT_LT(served_.size(), 10U) << "the greedy one has used up its turn";
    request(2, 'p', 50us);
    EXPECT_EQ(served_.back(), 'p') << "who has used nothing is served at once";
    context_.run();
    EXPECT_EQ(served_.size(), 201U) << "and all of them in the end";
    EXPECT_EQ(turns_.waiting(), 0U);
}

TEST_F(FairTurnsTest, SharesTheTimeEquallyBetweenTwoGreedyOnes) {
    for (int n = 0; n < 100; ++n) {
        request(1, 'a', 100us);
        request(2, 'b', 100us);
    }
    context_.run();
    const auto half = served_.substr(0, served_.size() / 2);
    const auto first = std::count(half.begin(), half.end(), 'a');
    EXPECT_NEAR(static_cast<double>(first), 50.0, 12.0) << served_;
}

TEST_F(FairTurnsTest, CountsTimeAndNotRequests) {
    for (int n = 0; n < 60; ++n) request(1, 'H', 1ms);
    for (int n = 0; n < 200; ++n) request(2, 'l', 20us);
    context_.run();
    const auto last_light = served_.rfind('l');
    const auto heavy_before =
        std::count(served_.begin(), served_.begin() + static_cast<std::ptrdiff_t>(last_light), 'H');
    EXPECT_LT(heavy_before, 30) << "heavy requests wait for what they owe: " << served_;
}

TEST_F(FairTurnsTest, KeepsTheOrderWithinAFlowAndForgetsIdleOnes) {
    std::string expected;
    for (char name = 'a'; name <= 'z'; ++name) {
        request(1, name, 100us);
        expected += name;
    }
    context_.run();
    EXPECT_EQ(served_, expected);
    EXPECT_TRUE(turns_.may_begin(1));
    context_.restart();
    EXPECT_EQ(context_.run(), 0U) << "an idle loop has nothing to do";
}

}  // namespace
}  // namespace cvstroom::http
