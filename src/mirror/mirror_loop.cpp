#include "mirror/mirror_loop.hpp"

namespace cvstroom::mirror {

Result<void> run_loop(Caller& caller, Observer& observer, bool follows, const LoopSteps& steps) {
    Backoff backoff({std::chrono::seconds{1}, std::chrono::seconds{60}, 0});
    unsigned failures = 0;
    for (;;) {
        const auto is_idle = steps.step();
        if (caller.http().is_stopped()) {
            return follows ? Result<void>{}
                           : fail(ErrorCode::unavailable, "stopped; start again, and it goes on from here");
        }
        if (is_idle) {
            failures = 0;
            if (!*is_idle) continue;
            if (!follows) return {};
            steps.wait();
        } else if (is_idle.error().code == ErrorCode::gone) {
            observer.on_note(
                "the API no longer has the history that this copy needs; listing everything anew, beside what is held");
            steps.on_gone();
        } else if (!follows || is_idle.error().code != ErrorCode::unavailable) {
            return tl::unexpected(is_idle.error());
        } else {
            const auto wait = backoff.wait(++failures);
            observer.on_retry(is_idle.error().message, wait);
            caller.http().sleep(wait);
        }
    }
}

}  // namespace cvstroom::mirror
