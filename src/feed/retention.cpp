#include "feed/retention.hpp"

#include <algorithm>
#include <thread>

namespace cvstroom::feed {
namespace {

constexpr std::size_t entries_a_transaction = 500;
constexpr std::chrono::milliseconds pause{5};

}  // namespace

Result<std::uint64_t> forget_old(store::Store& store, const Clock& clock, const Retention& retention,
                                 std::uint64_t most) {
    const Instant now = clock.now();
    const Instant oldest = now - retention.history;
    const Instant tombstones = now - std::max(retention.tombstones, retention.history);
    std::uint64_t count = 0;
    while (count < most) {
        const auto done = store.forget_before(oldest, tombstones, entries_a_transaction);
        if (!done) return tl::unexpected(done.error());
        count += *done;
        if (*done < entries_a_transaction) break;
        std::this_thread::sleep_for(pause);
    }
    return count;
}

}  // namespace cvstroom::feed
