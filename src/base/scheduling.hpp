// How a thread stands beside the others of the machine when they want the same processor.
#pragma once

#include <chrono>
#include <vector>

namespace cvstroom {

// The processors that this process may use, by the kernel's numbers. Empty where the system does not tell.
std::vector<unsigned> usable_processors();

// All that follow are of the calling thread alone, and of those that it starts. Where the system refuses, the work is
// done all the same.

// 0 is the usual, 19 the most.
void give_way(int niceness);

// Its turns are to be this short, and come the sooner for it when it wakes; its share stays what it was. 0.1 to 100 ms.
// Without it a thread that wakes may wait for a whole turn of another one, even of one that gives way. Linux 6.12 and
// later; others have no such thing.
void take_short_turns(std::chrono::nanoseconds length);

// On this processor and no other: the kernel may leave two busy threads on one processor for many milliseconds while a
// thread that gives way has another one to itself.
void stay_on(unsigned processor);

}  // namespace cvstroom
