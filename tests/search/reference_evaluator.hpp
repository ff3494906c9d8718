// The slow, obvious evaluator: reads criteria against documents one by one, as SPEC 4 says it. It shares no code with
// the engine.
#pragma once

#include "base/time.hpp"
#include "candidate/candidate.hpp"
#include "reference/reference.hpp"
#include "search/criteria.hpp"

namespace cvstroom::test {

// Does the CV, changed at `instant`, satisfy all criteria?
bool satisfies(const candidate::Candidate& candidate, Instant instant, const search::Criteria& criteria,
               const reference::ReferenceData& lists);

}  // namespace cvstroom::test
