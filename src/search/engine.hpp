// Answers a plan on a snapshot of the index: the exact number of matches and one page of them, newest first.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "index/snapshot.hpp"
#include "search/match.hpp"
#include "search/plan.hpp"

namespace cvstroom::search {

struct Page {
    std::uint64_t total = 0;           // of the whole match
    std::vector<index::RowData> rows;  // newest change first (SPEC 4: WIJZIGINGS_DATUM)
};

// Thread-safe. Any offset costs the same: rows stand in log order, so a page is a slice of the match.
Page run(const Plan& plan, const index::Snapshot& snapshot, std::uint64_t offset, std::uint32_t count);

// Calls back with the matches of each part, newest part first: for facets, ranking and other orders than the log's.
// `part` is its position in snapshot.parts; `rows` is valid during the call. Thread-safe.
using MatchVisitor = std::function<void(std::size_t part, const MatchedRows& rows)>;
void visit_matches(const Plan& plan, const index::Snapshot& snapshot, const MatchVisitor& visit);

}  // namespace cvstroom::search
