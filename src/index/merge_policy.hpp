// When segments are merged: few enough that a search visits few, seldom enough that a row is copied few times.
#pragma once

#include <optional>
#include <vector>

#include "index/snapshot.hpp"

namespace cvstroom::index {

// Parts [first, last).
struct MergeRun {
    std::size_t first;
    std::size_t last;
};

// The longest run of newest parts in which each part is at most four times as large as all newer ones together; or a
// single part of which more than a third is dead. So sizes fall at least fourfold from one part to the next, a
// million rows live in about ten parts, and a row is copied a logarithmic number of times.
std::optional<MergeRun> choose_merge(const std::vector<Part>& parts);

}  // namespace cvstroom::index
