// Where a mirror stands. It is kept in the copy itself and changes in the same transaction as the data, so that it is
// right after any stop.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace cvstroom::mirror {

// The phases of a mirror (mirror/mirror.hpp has the transitions).
enum class Phase : std::uint8_t {
    fresh,      // a listing has to begin
    listing,    // a listing is under way: everything that is published, from its start to its end marker
    following,  // the copy is complete; changes are being applied to it
};
std::string_view name(Phase phase);

struct State {
    std::string source;   // the API's address; a copy belongs to one
    std::string profile;  // "cvstroom" or "seed"
    Phase phase = Phase::fresh;
    // Rises with every listing. A row bears the generation in which it was last seen; what a complete listing did not
    // see is removed at its end, and never before (pitfalls 19, 20, 21).
    std::uint64_t generation = 0;
    // Rows of an older generation than this come from another history (a restored backup): their versions say nothing.
    std::uint64_t trusted_generation = 0;
    std::string cursor;            // where to go on; opaque
    std::string epoch;             // the history that the cursor belongs to
    std::string covered_until;     // everything before this instant has been applied
    std::string pending_until;     // seed profile: what covered_until becomes when the listing is complete
    std::string reconciled_at;     // seed profile: when a full listing was last complete (the server's clock)
    std::string succeeded_at;      // when a pass last ended well (this machine's clock; for people only)
    std::uint64_t listed = 0;      // entries of this listing that have been applied
    std::uint64_t list_total = 0;  // entries that it has; 0: not known
    bool operator==(const State&) const = default;
};

// For sinks: the state as names and texts.
std::vector<std::pair<std::string, std::string>> to_members(const State& state);
// Unknown names are left alone; corrupt when a known one cannot be read.
Result<State> state_from_members(const std::vector<std::pair<std::string, std::string>>& members);

}  // namespace cvstroom::mirror
