// Rows that are chosen by something else than codes: free text, a distance. One more clause of a plan.
#pragma once

#include <cstdint>
#include <vector>

#include "index/segment.hpp"

namespace cvstroom::search {

// Rows of one segment, in one of two forms; a source picks the one that is natural to it. Buffers are reused: clear()
// keeps their memory.
struct SelectedRows {
    bool is_dense = false;             // `words` counts, `rows` does not
    std::vector<index::Row> rows;      // ascending, without repetition
    std::vector<std::uint64_t> words;  // bit r % 64 of word r / 64 stands for row r; words_for(segment.size()) of them

    // Instead of `words`, as many that stand in the segment already. They live as long as it does.
    const std::uint64_t* borrowed = nullptr;

    void clear() {
        is_dense = false;
        rows.clear();
        words.clear();
        borrowed = nullptr;
    }
};

// Immutable and thread-safe; a plan shares it between the parts of a snapshot. Dead rows are not its business.
class RowSource {
  public:
    virtual ~RowSource() = default;

    // An upper bound of what select() gives, by which clauses are ordered. Cheap: no more than a few look-ups.
    virtual std::uint64_t estimate(const index::Segment& segment) const = 0;

    // Puts the rows in `out`, which is clear. Asked only when no clause of the plan is empty on this segment.
    virtual void select(const index::Segment& segment, SelectedRows& out) const = 0;

    // Keeps those of the ascending `rows` that select() would give. Asked instead of it where the other clauses leave
    // few rows.
    virtual void keep(const index::Segment& segment, std::vector<index::Row>& rows) const = 0;
};

}  // namespace cvstroom::search
