// What partners have confirmed ("applied up to here"), and what is still open at each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "base/uuid.hpp"

namespace cvstroom::store {

struct Receipt {
    std::string partner;
    std::uint64_t applied = 0;  // the last entry of the log that the partner has applied
    Instant covered{};          // the feed's instant that goes with it
    Instant confirmed{};        // when the partner said so
};

// A CV that was withdrawn or erased after what the partner confirmed.
struct OpenRemoval {
    Uuid cv;
    Instant since{};
};

struct PartnerReceipt {
    std::string partner;
    std::optional<Receipt> last;  // nothing: it never confirmed anything
    std::uint64_t open_count = 0;
    std::vector<OpenRemoval> open;  // the oldest, as many as were asked for
};

}  // namespace cvstroom::store
