// Which criterion is in the way: a search without each of its criteria in turn (SPEC 4, `advies`).
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "search/criteria.hpp"

namespace cvstroom::search {

// The criteria with one left out, by the name of the parameter that was left out: each criterion, and each
// end of the span of time (`sinds` counts as gewijzigdVan). Empty when there are no criteria.
std::vector<std::pair<std::string_view, Criteria>> without_each(const Criteria& criteria);

}  // namespace cvstroom::search
