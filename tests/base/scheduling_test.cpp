#include "base/scheduling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
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

// The length of a turn, in nanoseconds; 0 where the kernel (before 6.12) keeps none of a usual thread.
std::uint64_t turn_length() {
    std::array<std::uint64_t, 7> attributes{};  // sched_attr: its fourth word of eight bytes is the runtime
    syscall(SYS_sched_getattr, 0, attributes.data(), sizeof attributes, 0U);
    return attributes[3];
}

TEST(Scheduling, TurnsAreAsShortAsAskedForWhereTheKernelCanTell) {
    in_a_thread([] {
        const auto before = turn_length();
        ASSERT_NE(before, 250'000U);
        take_short_turns(std::chrono::microseconds{250});
        EXPECT_EQ(turn_length(), before == 0 ? 0U : 250'000U);
    });
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
