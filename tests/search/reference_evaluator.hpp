// The slow, obvious evaluator: reads criteria against documents one by one, as SPEC 4 says it. It shares no code with
// the engine.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "candidate/candidate.hpp"
#include "reference/reference.hpp"
#include "search/criteria.hpp"

namespace cvstroom::test {

// Does the CV, changed at `instant`, satisfy all criteria?
bool satisfies(const candidate::Candidate& candidate, Instant instant, const search::Criteria& criteria,
               const reference::ReferenceData& lists);

// How many of the CVs have each code, and how many say nothing.
struct FacetCounts {
    std::map<std::string, std::uint64_t> values;
    std::uint64_t silent = 0;
};
FacetCounts count_facet(const std::vector<const candidate::Candidate*>& matches, index::Dimension dimension,
                        const reference::ReferenceData& lists);

}  // namespace cvstroom::test
