// The opaque cursor `vervolg` (SPEC 5): where a client stands in the feed, authenticated, so that a client can neither
// forge nor bend one.
//
// It holds no time of its own and nothing random: the same page of a closed window carries the same cursor for ever.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "store/store.hpp"

namespace cvstroom::feed {

struct Cursor {
    Uuid epoch;                   // of the history it points into (pitfall 35)
    store::LogRange range;        // the window being read
    std::optional<Instant> from;  // its `van`; none: an initial load
    Instant until;                // its `tot`
    store::Seq position{};        // the last entry delivered; range.until when the window is finished
    // The digest of the selection that it is bound to (feed/selection.hpp); none: the whole feed.
    std::optional<std::array<std::uint8_t, 16>> selection{};

    bool operator==(const Cursor& other) const;
};

// base64url of the fields and a truncated HMAC-SHA-256 (128 bits) under the store's secret.
std::string encode(const Cursor& cursor, std::span<const std::uint8_t> secret);

// invalid_input when it is no cursor of this secret.
Result<Cursor> decode(std::string_view text, std::span<const std::uint8_t> secret);

}  // namespace cvstroom::feed
