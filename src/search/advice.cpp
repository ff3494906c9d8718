#include "search/advice.hpp"

#include "search/names.hpp"

namespace cvstroom::search {

std::vector<std::pair<std::string_view, Criteria>> without_each(const Criteria& criteria) {
    std::vector<std::pair<std::string_view, Criteria>> all;
    for (std::size_t i = 0; i < criteria.criteria.size(); ++i) {
        Criteria others = criteria;
        others.criteria.erase(others.criteria.begin() + static_cast<std::ptrdiff_t>(i));
        all.emplace_back(parameter_name(criteria.criteria[i].dimension), std::move(others));
    }
    if (criteria.text) {
        all.emplace_back("trefwoord", criteria);
        all.back().second.text.reset();
    }
    if (criteria.around && criteria.around->kilometres) {
        all.emplace_back("straal", criteria);
        all.back().second.around->kilometres.reset();
    }
    if (criteria.changed_from) {
        all.emplace_back("gewijzigdVan", criteria);
        all.back().second.changed_from.reset();
    }
    if (criteria.changed_until) {
        all.emplace_back("gewijzigdTot", criteria);
        all.back().second.changed_until.reset();
    }
    return all;
}

}  // namespace cvstroom::search
