#include "api/candidate_search_facets.hpp"

#include "http/problem.hpp"
#include "search/names.hpp"

namespace cvstroom::api {
namespace {

const LocalText has_car{"met eigen wagen", "avec voiture", "has a car"};
const LocalText has_no_car{"zonder eigen wagen", "sans voiture", "has no car"};

// Empty for a code that is in no list (any more).
std::string_view label_of(index::Dimension dimension, std::string_view code, const reference::ReferenceData& lists,
                          http::Language language) {
    if (dimension == index::Dimension::own_car) return in_language(code == "true" ? has_car : has_no_car, language);
    for (const auto& criterion : search::criterion_names) {
        if (criterion.dimension != dimension) continue;
        const auto* item = lists.list(criterion.codes).find(code);
        if (item == nullptr) return {};
        const auto& own = language == http::Language::french    ? item->label_fr
                          : language == http::Language::english ? item->label_en
                                                                : item->label_nl;
        return own.empty() ? item->label_nl : own;
    }
    return {};
}

}  // namespace

void write_facet(index::Dimension dimension, const search::Facet& facet, const reference::ReferenceData& lists,
                 http::Language language, JsonWriter& json) {
    json.begin_object().member("criterium", search::parameter_name(dimension)).key("waarden").begin_array();
    for (const auto& value : facet.values) {
        json.begin_object().member("code", value.code);
        const auto label = label_of(dimension, value.code, lists, language);
        if (!label.empty()) json.member("label", label);
        json.member("aantal", value.count).end_object();
    }
    json.end_array().member("aantalWaarden", facet.distinct).member("zegtNiets", facet.silent).end_object();
}

}  // namespace cvstroom::api
