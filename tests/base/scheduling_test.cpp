#include "base/scheduling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <functional>
#include <thread>

namespace cvstroom {
namespace {

// In a thread of its own: what it changes is of that thread alone.
void in_a_thread(const std::function<void()>& work) {
    std::thread(work).join();
}

TEST(Scheduling, AThreadStaysOnTheProcessorItIsGiven) {
    const auto all = usable_processors();
    ASSERT_FALSE(all.empty());
    in_a_thread([&] {
        for (const unsigned processor : all) {
            stay_on(processor);
            EXPECT_THAT(usable_processors(), testing::ElementsAre(processor));
            EXPECT_EQ(sched_getcpu(), static_cast<int>(processor));
        }
    });
    EXPECT_EQ(usable_processors(), all);
}

TEST(Scheduling, ShortTurnsLeaveTheNicenessAsItIs) {
    const int before = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
    in_a_thread([] {
        give_way(17);
        take_short_turns(std::chrono::microseconds{100});
        EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())), 17);
    });
    EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())), before);
}

}  // namespace
}  // namespace cvstroom
