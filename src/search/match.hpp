// The rows of one segment that satisfy a plan.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/snapshot.hpp"
#include "search/block_match.hpp"
#include "search/local_plan.hpp"
#include "search/plan.hpp"
#include "search/row_filter.hpp"

namespace cvstroom::search {

// All matches of a part, in the form in which they came out. Views: valid as long as the Match and its scratch are.
struct MatchedRows {
    bool is_dense = false;
    std::span<const index::Row> rows;      // ascending; when not dense
    std::span<const std::uint64_t> words;  // when dense: bit r % 64 of word r / 64 stands for row r
    std::uint64_t count = 0;

    bool contains(index::Row row) const;
};

// How many of `rows` have the code, whatever its rank. For facets. O(rows or the code's rows, the lesser; a pass over
// words when both are bitsets).
std::uint64_t count_with_code(const MatchedRows& rows, const index::Segment& segment, index::CodeNumber code);

// How a part was searched: for `cvstroom search --explain`.
enum class MatchForm : std::uint8_t {
    nothing,  // a clause lets nothing through, or no row lies in the range of time
    range,    // every row of the range: nothing to look at
    set,      // the rows of one set, as it stands
    walk,     // the rows of the smallest clause, one by one against the rest; or found by blocks, and listed
    blocks,   // all clauses, 65,536 rows at a time
    counted,  // one clause whose size is known: only the blocks of the page are looked at
};

// Buffers that searches of one thread reuse, so that a search allocates nothing.
struct MatchScratch {
    LocalPlan plan;
    RowFilterScratch filter;
    BlockScratch blocks;
    std::vector<std::uint8_t> marks;
    std::vector<index::Row> rows;
    std::vector<index::Row> page;
    std::vector<std::uint64_t> words;
    std::vector<std::uint32_t> block_counts;
};

// Valid as long as the part and the scratch, which it fills, are.
class Match {
  public:
    Match(const Plan& plan, const index::Part& part, MatchScratch& scratch);

    std::uint64_t count() const { return count_; }
    MatchForm form() const { return form_; }

    // All matches: for facets and for an order of one's own. O(matches or size of the segment / 64).
    MatchedRows rows() const;

    // Appends the `count` matches that stand `skip` from the newest one, newest first. For a match in blocks only the
    // blocks of the page are looked at again, whatever `skip` is.
    void append(std::uint64_t skip, std::uint64_t count, std::vector<index::RowData>& out) const;

  private:
    bool is_one_set() const;
    bool count_is_known(const index::DeadRows& dead) const;
    std::uint64_t count_dead(const index::DeadRows& dead) const;
    void walk();
    void keep_clause(const LocalClause& clause, std::vector<index::Row>& rows) const;
    void count_blocks();
    void try_late_clauses();
    BlockMatch block_match() const { return {scratch_.plan, first_, last_, segment_.size(), scratch_.blocks}; }
    // Add rows to the scratch's page, newest first, and count down what is still to skip and to add.
    void add_from_list(const index::RowsView& set, std::uint64_t skip, std::uint64_t count) const;
    void add_from_blocks(std::uint64_t skip, std::uint64_t count) const;
    void add_from_words(std::span<const std::uint64_t> words, index::Row base, std::uint64_t& skip,
                        std::uint64_t& count) const;
    void add_from_rows(std::uint64_t skip, std::uint64_t count) const;
    void append_block_rows(std::size_t block, std::vector<index::Row>& rows) const;
    std::size_t words_of(std::size_t block) const;

    const index::Segment& segment_;
    MatchScratch& scratch_;
    index::Row first_ = 0;  // the rows that the plan's range allows: [first_, last_)
    index::Row last_ = 0;
    MatchForm form_ = MatchForm::nothing;
    std::uint64_t count_ = 0;
};

}  // namespace cvstroom::search
