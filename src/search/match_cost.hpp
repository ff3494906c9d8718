// Which of the two ways through a plan is the cheaper on a segment: walking the rows of the smallest clause, or
// combining all clauses 65,536 rows at a time. A guess costs time only: both give the same answer.
#pragma once

#include "search/local_plan.hpp"

namespace cvstroom::search {

// For the rows of [first, last) in a segment of so many rows. The plan has at least one clause.
bool walking_is_cheaper(const LocalPlan& plan, index::Row first, index::Row last, index::Row segment_size);

}  // namespace cvstroom::search
