// How readily a thread gives way to the others of the machine.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

namespace cvstroom {

// Of the calling thread alone, and of those that it starts: 0 is the usual, 19 the most. Where the system refuses, the
// work is done all the same.
inline void give_way(int niceness) {
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
}

}  // namespace cvstroom
