// Answers a plan on a snapshot of the index: the exact number of matches and one page of them, newest first.
#pragma once

#include <cstdint>
#include <vector>

#include "index/snapshot.hpp"
#include "search/plan.hpp"

namespace cvstroom::search {

struct Page {
    std::uint64_t total = 0;           // of the whole match
    std::vector<index::RowData> rows;  // newest change first (SPEC 4: WIJZIGINGS_DATUM)
};

// Thread-safe. Any offset costs the same: rows stand in log order, so a page is a slice of the match.
Page run(const Plan& plan, const index::Snapshot& snapshot, std::uint64_t offset, std::uint32_t count);

}  // namespace cvstroom::search
