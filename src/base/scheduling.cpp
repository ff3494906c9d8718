#include "base/scheduling.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace cvstroom {
namespace {

constexpr std::uint64_t keep_policy = 0x08;  // SCHED_FLAG_KEEP_POLICY

// What sched_setattr(2) takes, in its first version. The kernel's own header does not go with the C library's.
struct Attributes {
    std::uint32_t size = sizeof(Attributes);
    std::uint32_t policy = SCHED_OTHER;
    std::uint64_t flags = keep_policy;  // what the operator has chosen stays
    std::int32_t niceness = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0;  // nanoseconds: under SCHED_OTHER the length of a turn
    std::uint64_t deadline = 0;
    std::uint64_t period = 0;
};
static_assert(sizeof(Attributes) == 48);

id_t this_thread() {
    return static_cast<id_t>(gettid());
}

}  // namespace

std::vector<unsigned> usable_processors() {
    std::vector<unsigned> processors;
    cpu_set_t usable;
    CPU_ZERO(&usable);
    if (sched_getaffinity(0, sizeof usable, &usable) != 0) return processors;
    for (unsigned processor = 0; processor < CPU_SETSIZE; ++processor) {
        if (CPU_ISSET(processor, &usable)) processors.push_back(processor);
    }
    return processors;
}

void give_way(int niceness) {
    setpriority(PRIO_PROCESS, this_thread(), niceness);
}

void take_short_turns(std::chrono::nanoseconds length) {
    errno = 0;
    Attributes wanted;
    wanted.niceness = getpriority(PRIO_PROCESS, this_thread());
    wanted.runtime = static_cast<std::uint64_t>(length.count());
    if (errno == 0) syscall(SYS_sched_setattr, 0, &wanted, 0U);
}

void stay_on(unsigned processor) {
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET(processor, &own);
    sched_setaffinity(0, sizeof own, &own);
}

}  // namespace cvstroom
