// The rows of one segment that satisfy a plan.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "index/snapshot.hpp"
#include "search/bit_kernels.hpp"
#include "search/plan.hpp"

namespace cvstroom::search {

// All matches of a part, in the form in which they came out. Views: valid as long as the Match and its scratch are.
struct MatchedRows {
    bool is_dense = false;
    std::span<const index::Row> rows;  // ascending; when not dense
    ConstWords words;                  // when dense: bit r % 64 of word r / 64 stands for row r
    std::uint64_t count = 0;

    bool contains(index::Row row) const;
};

// How many of `rows` have the code, whatever its rank. For facets: O(rows or the code's rows, the lesser).
std::uint64_t count_with_code(const MatchedRows& rows, const index::Segment& segment, index::CodeNumber code);

// Buffers that searches of one thread reuse, so that a search allocates nothing.
struct MatchScratch {
    std::vector<std::uint64_t> words;
    std::vector<std::uint64_t> clause_words;
    std::vector<index::Row> rows;
    std::vector<index::Row> members;
    std::vector<index::Row> all_rows;
    SelectedRows selected;
};

// Evaluates in one of two ways: where some clause lets few rows through, those rows are walked and tried against the
// rest; otherwise the clauses are combined word by word. Valid as long as the part and the scratch, which it fills,
// are.
class Match {
  public:
    Match(const Plan& plan, const index::Part& part, MatchScratch& scratch);

    std::uint64_t count() const { return count_; }

    // All matches: for facets and for an order of one's own. O(matches or size of the segment / 64).
    MatchedRows rows() const;

    // Appends the `count` matches that stand `skip` from the newest one, newest first.
    void append(std::uint64_t skip, std::uint64_t count, std::vector<index::RowData>& out) const;

  private:
    // A clause on this segment.
    struct LocalClause {
        std::vector<const index::Posting*> sets;
        const index::Posting* speaking = nullptr;  // the rows that are not silent; null: all are
        bool keeps_silent = false;
        std::uint64_t size = 0;  // an upper bound of the rows that it lets through

        bool lets_through(index::Row row) const;
    };

    LocalClause localize(const Clause& clause);
    void select(const RowSource& source, LocalClause& local);
    bool localize(const Plan& plan, const index::Posting& dead);
    void walk_fewest();
    void combine_words();
    void fill(const LocalClause& clause, std::vector<std::uint64_t>& words);
    void add_rows(const index::Posting& posting, std::vector<std::uint64_t>& words);
    void remove_excluded();
    void keep_range();
    void append_from_rows(std::uint64_t skip, std::uint64_t count, std::vector<index::RowData>& out) const;
    void append_from_words(std::uint64_t skip, std::uint64_t count, std::vector<index::RowData>& out) const;

    const index::Segment& segment_;
    MatchScratch& scratch_;
    std::deque<index::Posting> selected_;  // of the plan's sources
    std::vector<LocalClause> clauses_;     // fewest rows first
    std::vector<const index::Posting*> excluded_;
    index::Row first_ = 0;  // the rows that the plan's range allows: [first_, last_)
    index::Row last_ = 0;
    enum class Form { rows, words, range } form_ = Form::rows;
    std::span<const index::Row> rows_;  // Form::rows
    ConstWords words_;                  // Form::words
    std::uint64_t count_ = 0;
};

}  // namespace cvstroom::search
