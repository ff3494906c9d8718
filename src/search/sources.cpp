#include "search/sources.hpp"

namespace cvstroom::search {

Sources add_sources(const Criteria& criteria, const reference::Places& places, Plan& plan) {
    Sources sources;
    if (criteria.text) {
        sources.text = std::make_shared<TextSource>(*criteria.text);
        plan.clauses.push_back({{}, std::nullopt, sources.text});
    }
    if (criteria.around) {
        sources.distances = std::make_shared<Distances>(places.distances(criteria.around->centre));
        if (const auto kilometres = criteria.around->kilometres) {
            auto radius = std::make_shared<RadiusSource>(*sources.distances, *kilometres, criteria.keep_unknown);
            plan.clauses.push_back({{}, std::nullopt, std::move(radius)});
        }
    }
    return sources;
}

}  // namespace cvstroom::search
