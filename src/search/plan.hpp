// Criteria as terms of the index: what the engine works on, the same for every segment.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "index/dictionary.hpp"
#include "search/criteria.hpp"
#include "search/row_source.hpp"
#include "store/store.hpp"

namespace cvstroom::search {

// A code with a rank that is at least this one (0: any).
struct CodeAtLeast {
    index::CodeNumber code;
    std::uint16_t rank = 0;
};

// Rows that have any of the codes, or, with `rows`, those that the source selects. With `silent`, also the rows that do
// not have that code (onbekend=mee; it is the dimension's any_code).
struct Clause {
    std::vector<CodeAtLeast> any_of;
    std::optional<index::CodeNumber> silent;
    std::shared_ptr<const RowSource> rows;
};

// A code that no row has.
inline constexpr index::CodeNumber no_code = ~index::CodeNumber{0};

struct Plan {
    std::vector<Clause> clauses;        // a row must be in each
    std::vector<CodeAtLeast> excluded;  // and have none of these
    store::Seq from = 0;                // and its seq lies in [from, until)
    store::Seq until = ~store::Seq{0};
};

// Rows from a source are for the caller to add. `from` and `until` are the log positions of Criteria::changed_from and
// changed_until.
Plan make_plan(const Criteria& criteria, const index::Dictionary& dictionary);

}  // namespace cvstroom::search
