// What a mirror tells while it works.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "mirror/sink.hpp"

namespace cvstroom::mirror {

// Counts since the mirror was started.
struct Traffic {
    std::uint64_t requests = 0;
    std::uint64_t retries = 0;    // of these, asked again after a failure
    std::uint64_t throttled = 0;  // answers that said "too much" (429, 503)
    std::uint64_t bytes = 0;      // of bodies, decoded
};

// Called from the thread that runs the mirror, unless a function says otherwise. All do nothing unless overridden.
class Observer {
  public:
    virtual ~Observer() = default;
    // A new phase begins, or goes on after a stop. `total` 0: not known.
    virtual void on_phase(const State&, std::uint64_t /*total*/) {}
    // A transaction was committed. May come from another thread, never from two at once.
    virtual void on_commit(const State&, const Applied&) {}
    // A request failed and is made again after `wait`.
    virtual void on_retry(const std::string& /*why*/, std::chrono::milliseconds /*wait*/) {}
    // Something that a person may want to know and nobody has to act on.
    virtual void on_note(const std::string& /*note*/) {}
};

}  // namespace cvstroom::mirror
