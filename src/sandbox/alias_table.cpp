#include "sandbox/alias_table.hpp"

#include <algorithm>
#include <numeric>

namespace cvstroom::sandbox {

AliasTable::AliasTable(const std::vector<std::uint64_t>& weights) {
    constexpr double whole = 4294967296.0;
    const std::uint64_t total = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
    // Each slot holds `total` of the weights times their number, so that all splitting is exact in integers.
    std::vector<std::uint64_t> scaled;
    std::vector<std::uint32_t> small;
    std::vector<std::uint32_t> large;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        scaled.push_back(weights[i] * weights.size());
        (scaled[i] < total ? small : large).push_back(static_cast<std::uint32_t>(i));
        slots_.push_back({std::uint64_t{1} << 32U, static_cast<std::uint32_t>(i)});
    }
    while (!small.empty() && !large.empty()) {
        const std::uint32_t poor = small.back();
        const std::uint32_t rich = large.back();
        small.pop_back();
        const double share = static_cast<double>(scaled[poor]) / static_cast<double>(total);
        slots_[poor] = {static_cast<std::uint64_t>(share * whole), rich};
        scaled[rich] -= total - scaled[poor];
        if (scaled[rich] >= total) continue;
        large.pop_back();
        small.push_back(rich);
    }
}

bool has_weight(const std::vector<std::uint64_t>& weights) {
    return std::any_of(weights.begin(), weights.end(), [](std::uint64_t weight) { return weight > 0; });
}

}  // namespace cvstroom::sandbox
