// The codes of versions that were judged a moment ago: when many wait on selections, a change is read once for all of
// them.
//
// What stands under a seq never changes, so nothing here is ever wrong. It is data of persons, though, and an erasure
// does not reach it: so it is kept for a moment only (judged_for, or until clear()). Somebody must call expire() for
// that, whether anything is judged or not: the thread that watches the log does (api/long_polls.hpp).
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "store/store.hpp"

namespace cvstroom::feed {

// Thread-safe.
class JudgedCodes {
  public:
    // As candidate/fact_codes packs them.
    using Pointer = std::shared_ptr<const std::string>;

    // Null when it was not judged lately.
    Pointer find(store::Seq version) const;
    void keep(store::Seq version, Pointer codes);
    void clear();
    // Drops what is older than judged_for by `now`, at the second call that comes half of judged_for after another.
    void expire(std::chrono::steady_clock::time_point now);

    static constexpr std::chrono::milliseconds judged_for{1000};

  private:
    void begin_anew(std::chrono::steady_clock::time_point now);

    static constexpr std::size_t most = 20'000;
    using Map = std::unordered_map<store::Seq, Pointer>;

    mutable std::mutex mutex_;
    Map recent_;  // since `begun_`
    Map older_;   // what was recent before that
    std::chrono::steady_clock::time_point begun_{};
};

}  // namespace cvstroom::feed
