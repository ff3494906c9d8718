// The criteria that are no codes, free text and distance, as clauses of a plan.
#pragma once

#include <memory>

#include "reference/places.hpp"
#include "search/criteria.hpp"
#include "search/plan.hpp"
#include "search/text_match.hpp"

namespace cvstroom::search {

// What a search needs of them beside the plan: to rank and to explain. Each is null when it was not asked for.
struct Sources {
    std::shared_ptr<const TextSource> text;
    std::shared_ptr<const Distances> distances;  // from Criteria::around
};

// Adds a clause to `plan` for each. Pre: places.knows(criteria.around->centre), as the parser sees to.
Sources add_sources(const Criteria& criteria, const reference::Places& places, Plan& plan);

}  // namespace cvstroom::search
