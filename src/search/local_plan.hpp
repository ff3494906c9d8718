// A plan on one segment: the sets of rows behind its clauses, with their exact sizes, cheapest first.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/snapshot.hpp"
#include "search/plan.hpp"
#include "search/row_set.hpp"

namespace cvstroom::search {

// A row is let through when it is in any of the sets or, with keeps_silent, not in `speaking`.
struct LocalClause {
    std::uint32_t first_set = 0;  // in LocalPlan::sets()
    std::uint32_t set_count = 0;
    bool keeps_silent = false;
    index::RowsView speaking;  // when keeps_silent
    std::uint64_t most = 0;    // an upper bound of the rows that it lets through
    bool is_exact = false;     // it lets just so many through
    std::size_t number = 0;    // of the clause in the plan
};

// A source that has to look at the rows that are left.
struct LateClause {
    const RowSource* source;
    std::size_t number;  // of the clause in the plan
};

// Keeps its memory from one segment, and one search, to the next.
class LocalPlan {
  public:
    // Views are valid as long as the part is, and until the next call. False when some clause lets nothing through:
    // then nothing else was looked up.
    bool read(const Plan& plan, const index::Part& part);

    // Fewest rows first. A clause that lets everything through is not here.
    std::span<const LocalClause> clauses() const { return clauses_; }
    std::span<const RowSet> sets(const LocalClause& clause) const {
        return std::span(sets_).subspan(clause.first_set, clause.set_count);
    }
    // What is left of the plan when clauses() and excluded() are done. Only where there are clauses().
    std::span<const LateClause> late() const { return late_; }
    std::span<const RowSet> excluded() const { return excluded_; }  // the dead rows among them

  private:
    bool add_codes(const Clause& clause, std::size_t number, const index::Segment& segment);
    bool add_source(const RowSource& source, std::size_t number, const index::Segment& segment);
    void add_excluded(const Plan& plan, const index::Part& part);
    void add_sets(const index::Segment& segment, const CodeAtLeast& wanted, std::vector<RowSet>& sets);

    std::vector<LocalClause> clauses_;
    std::vector<RowSet> sets_;
    std::vector<RowSet> excluded_;
    std::vector<LateClause> late_;
    std::vector<index::RowsView> views_;  // of one code
    SourceSets source_sets_;
};

}  // namespace cvstroom::search
