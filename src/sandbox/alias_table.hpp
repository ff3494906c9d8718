// Draws positions by weight in constant time (Walker's alias method as Vose builds it).
#pragma once

#include <cstdint>
#include <vector>

#include "sandbox/random.hpp"

namespace cvstroom::sandbox {

class AliasTable {
  public:
    AliasTable() = default;
    // Positions of weight 0 are never drawn. O(weights).
    explicit AliasTable(const std::vector<std::uint64_t>& weights);

    // Pre: built from weights that are not all 0. One draw of `random`.
    std::size_t draw(Random& random) const {
        const std::uint64_t bits = random.next();
        const auto at = static_cast<std::size_t>(((bits >> 32U) * slots_.size()) >> 32U);
        const Slot& slot = slots_[at];
        return (bits & 0xFFFFFFFFU) < slot.share ? at : slot.other;
    }

  private:
    struct Slot {
        std::uint64_t share;  // of 2^32: how often the slot's own position is drawn
        std::uint32_t other;
    };
    std::vector<Slot> slots_;
};

// A table needs this of its weights.
bool has_weight(const std::vector<std::uint64_t>& weights);

}  // namespace cvstroom::sandbox
