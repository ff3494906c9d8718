// Criteria against the facts of one CV: for the feed, which looks at single versions. The engine answers the same
// question for all CVs at once; tests hold both to the same answers.
#pragma once

#include "candidate/facts.hpp"
#include "reference/reference.hpp"
#include "search/criteria.hpp"

namespace cvstroom::search {

// Looks at codes only, not at Criteria::changed_from and changed_until. Thread-safe.
bool matches(const Criteria& criteria, const candidate::Facts& facts, const reference::ReferenceData& lists);

}  // namespace cvstroom::search
