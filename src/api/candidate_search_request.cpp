#include "api/candidate_search_request.hpp"

#include <algorithm>

namespace cvstroom::api {
namespace {

constexpr PageLimits page_limits{20, 200};
const std::vector<std::string_view> own_names{"vanaf",  "aantal", "velden",  "sorteerveld",
                                              "advies", "uitleg", "facetten"};

const Parameter* find(const std::vector<Parameter>& parameters, std::string_view name) {
    const auto found =
        std::find_if(parameters.begin(), parameters.end(), [name](const Parameter& each) { return each.name == name; });
    return found == parameters.end() ? nullptr : &*found;
}

}  // namespace

SearchRequest::SearchRequest(const std::vector<Parameter>& parameters, const reference::ReferenceData& lists,
                             Instant now)
    : paging_(page_limits) {
    search::CriteriaParser parser(lists, now);
    for (const auto& parameter : parameters) take(parameter, parser);
    criteria = parser.finish(issues);
    check_together(parameters);
}

void SearchRequest::issue(const Parameter& parameter, LocalText detail) {
    issues.push_back({ParameterIssue::Kind::invalid, parameter.name, parameter.value, std::move(detail)});
}

void SearchRequest::take(const Parameter& parameter, search::CriteriaParser& parser) {
    if (parser.take(parameter) || paging_.take(parameter, issues)) return;
    if (parameter.name == "velden") {
        projection.take(parameter, issues);
    } else if (parameter.name == "facetten") {
        facets.take(parameter, issues);
    } else if (parameter.name == "sorteerveld") {
        take_order(parameter);
    } else if (parameter.name == "advies") {
        take_boolean(parameter, advice_given_, advises);
    } else if (parameter.name == "uitleg") {
        take_boolean(parameter, explanation_given_, explains);
    } else {
        issues.push_back(search::CriteriaParser::unknown_parameter(parameter, own_names));
    }
}

void SearchRequest::take_boolean(const Parameter& parameter, std::optional<std::string>& given, bool& value) {
    take_once(parameter, given, issues);
    value = parameter.value == "true";
    if (value || parameter.value == "false") return;
    issue(parameter, local_text("geef true of false", "indiquez true ou false", "say true or false"));
}

void SearchRequest::take_order(const Parameter& parameter) {
    take_once(parameter, order_given_, issues);
    if (parameter.value == "RELEVANTIE") {
        order = SearchOrder::relevance;
    } else if (parameter.value == "AFSTAND") {
        order = SearchOrder::distance;
    } else if (parameter.value != "WIJZIGINGS_DATUM") {
        issue(parameter, local_text("geef WIJZIGINGS_DATUM, RELEVANTIE of AFSTAND",
                                    "indiquez WIJZIGINGS_DATUM, RELEVANTIE ou AFSTAND",
                                    "say WIJZIGINGS_DATUM, RELEVANTIE or AFSTAND"));
    }
}

// What goes with what. A parameter that is there but wrong has had its message.
void SearchRequest::check_together(const std::vector<Parameter>& parameters) {
    const auto needs = [&](const char* name) {
        if (find(parameters, name) != nullptr) return;
        issue(*find(parameters, "sorteerveld"),
              local_text("hoort bij '{}', en dat ontbreekt", "va avec '{}', qui manque",
                         "goes with '{}', which is missing", name));
    };
    if (order == SearchOrder::relevance) needs("trefwoord");
    if (order == SearchOrder::distance) needs("postcode");
    const auto* postcode = find(parameters, "postcode");
    if (postcode == nullptr || find(parameters, "straal") != nullptr || order == SearchOrder::distance) return;
    issue(*postcode, local_text("geef er 'straal' in kilometer bij, of 'sorteerveld=AFSTAND'",
                                "ajoutez 'straal' en kilomètres, ou 'sorteerveld=AFSTAND'",
                                "add 'straal' in kilometres, or 'sorteerveld=AFSTAND'"));
}

}  // namespace cvstroom::api
