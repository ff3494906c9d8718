// Free text, distance and facets as SPEC 4 says them, read from one document after the other. Only the analysis of
// words (index/text_analysis.hpp) and the places are shared with the engine.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "candidate/candidate.hpp"
#include "reference/places.hpp"
#include "search/distance.hpp"
#include "search/text_query.hpp"

namespace cvstroom::test {

// All texts that trefwoord looks at.
std::vector<std::string> texts_of(const candidate::Candidate& candidate);

bool matches(const candidate::Candidate& candidate, const search::TextQuery& query);

// The postcode that counts for distances; empty: none is stated.
std::string postcode_of(const candidate::Candidate& candidate);

bool lies_within(const candidate::Candidate& candidate, const search::Around& around, bool keep_unknown,
                 const reference::Places& places);

}  // namespace cvstroom::test
