// The members of a list that lie in one container of 65,536 rows, for those who make bits of them.
#pragma once

#include <cstdint>

#include "index/posting.hpp"

namespace cvstroom::search {

// Calls visit(value, counts) for each, `value` being the lower half of its row number and `counts` whether its rank is
// high enough; in ascending order. `set` is a list. Returns whether there are any. Ranks are not branched on: which
// members have one is not to be predicted.
template <typename Visit>
bool visit_members(const index::RowsView& set, std::size_t container_key, const Visit& visit) {
    const index::RowList& list = set.list();
    const auto container = list.find(static_cast<std::uint16_t>(container_key));
    if (container == list.containers()) return false;
    const auto* values = list.values();
    const auto* ranks = set.ranks();
    const std::uint32_t end = list.end(container);
    if (ranks == nullptr) {
        for (std::uint32_t i = list.begin(container); i < end; ++i) visit(values[i], true);
    } else {
        for (std::uint32_t i = list.begin(container); i < end; ++i) visit(values[i], ranks[i] >= set.least_rank());
    }
    return true;
}

}  // namespace cvstroom::search
