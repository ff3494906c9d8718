// How long the log is kept (SPEC 5), and the forgetting of what is older.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/store.hpp"

namespace cvstroom::feed {

struct Retention {
    std::chrono::days history{90};      // every window that begins within it can be asked for
    std::chrono::days tombstones{365};  // how long an erased CV is still known to have existed; at least `history`
};

// Forgets what is older, at most `most` entries, in short transactions with pauses, so that writers hardly notice.
// Returns how many. Retention never shrinks by load (pitfall 16): only time moves it.
Result<std::uint64_t> forget_old(store::Store& store, const Clock& clock, const Retention& retention,
                                 std::uint64_t most = 100'000);

}  // namespace cvstroom::feed
