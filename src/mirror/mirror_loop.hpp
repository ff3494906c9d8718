// The loop that every kind of mirror runs in.
#pragma once

#include <chrono>
#include <functional>

#include "mirror/caller.hpp"

namespace cvstroom::mirror {

struct LoopSteps {
    std::function<Result<bool>()> step;  // true: there is nothing more to do now
    std::function<void()> on_gone;       // the history that the step needs is not there any more
    std::function<void()> wait;          // before looking again
};

// One pass, or with `follows` until stopped, outliving the API's bad hours.
Result<void> run_loop(Caller& caller, Observer& observer, bool follows, const LoopSteps& steps);

}  // namespace cvstroom::mirror
