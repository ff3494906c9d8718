// Working on rows one by one: where some clause lets few of them through, these are walked and tried against the rest.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "search/row_set.hpp"

namespace cvstroom::search {

// So many times as many members of a list as rows to try: then the next member is found by doubling steps. With fewer,
// the members become bits first.
inline constexpr std::uint32_t gallop_ratio = 256;

// Buffers; see MatchScratch.
struct RowFilterScratch {
    std::vector<std::uint8_t> marks;
    std::vector<std::uint64_t> container;  // all 0 between uses
};

// Replaces `rows` by those of [first, last) that are in any of `sets`, ascending. `segment_size`: of the segment that
// the sets are of. O(members).
void collect_rows(std::span<const RowSet> sets, index::Row first, index::Row last, index::Row segment_size,
                  RowFilterScratch& scratch, std::vector<index::Row>& rows);

// Marks, for each of the ascending `rows`, whether it is in the set: or-ed into marks[i], 1 for yes.
void mark_members(const RowSet& set, std::span<const index::Row> rows, RowFilterScratch& scratch, std::uint8_t* marks);

// Keeps, of the ascending `rows`, the members of the set, or, without `wants_members`, the others.
void keep_members(const RowSet& set, bool wants_members, RowFilterScratch& scratch, std::vector<index::Row>& rows);

// Keeps the rows whose mark is `mark`.
void keep_marked(std::vector<index::Row>& rows, const std::uint8_t* marks, std::uint8_t mark);

}  // namespace cvstroom::search
