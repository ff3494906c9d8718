// Criteria as terms of the index: what the engine works on, the same for every segment.
#pragma once

#include <optional>
#include <vector>

#include "index/dictionary.hpp"
#include "search/criteria.hpp"
#include "store/store.hpp"

namespace cvstroom::search {

// Terms from first to last, both included: a code with all ranks from the least one wanted.
struct KeyRange {
    index::TermKey first;
    index::TermKey last;
};

// Rows that have a term of any of the ranges; with `silent`, also the rows without that term (onbekend=mee).
struct Clause {
    std::vector<KeyRange> any_of;
    std::optional<index::TermKey> silent;
};

struct Plan {
    std::vector<Clause> clauses;     // a row must be in each
    std::vector<KeyRange> excluded;  // and have none of these terms
    store::Seq from = 0;             // and its seq lies in [from, until)
    store::Seq until = ~store::Seq{0};
};

// `from` and `until` are the log positions of Criteria::changed_from and changed_until.
Plan make_plan(const Criteria& criteria, const index::Dictionary& dictionary);

}  // namespace cvstroom::search
