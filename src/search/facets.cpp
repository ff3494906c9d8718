#include "search/facets.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "search/engine.hpp"
#include "search/names.hpp"

namespace cvstroom::search {
namespace {

constexpr std::string_view own_car_name = "eigenWagen";

std::optional<index::Dimension> dimension_of(std::string_view name) {
    if (name == own_car_name) return index::Dimension::own_car;
    for (const auto& each : criterion_names) {
        if (each.name == name) return each.dimension;
    }
    return std::nullopt;
}

std::string all_names() {
    std::string names;
    for (const auto& each : criterion_names) names.append(each.name).append(", ");
    return names.append(own_car_name);
}

bool stands_before(const FacetValue& a, const FacetValue& b) {
    return a.count != b.count ? a.count > b.count : a.code < b.code;
}

}  // namespace

bool FacetParser::add(std::string_view name, const Parameter& parameter, std::vector<ParameterIssue>& issues) {
    const auto issue = [&](LocalText detail) {
        issues.push_back({ParameterIssue::Kind::invalid, parameter.name, std::string(name), std::move(detail)});
    };
    const auto dimension = dimension_of(name);
    if (!dimension) {
        issue(local_text("geef namen van criteria: {}", "indiquez des noms de critères: {}",
                         "give names of criteria: {}", all_names()));
        return true;
    }
    if (std::find(dimensions_.begin(), dimensions_.end(), *dimension) != dimensions_.end()) {
        issue(local_text("staat er twee keer", "figure deux fois", "stands there twice"));
        return true;
    }
    if (dimensions_.size() == most_facets) {
        issue(local_text("ten hoogste {} facetten", "au maximum {} facettes", "at most {} facets", most_facets));
        return false;
    }
    dimensions_.push_back(*dimension);
    return true;
}

// One message that there are too many is enough.
void FacetParser::take(const Parameter& parameter, std::vector<ParameterIssue>& issues) {
    constexpr std::size_t most_names = 50;
    std::size_t names = 0;
    for (const auto name : split(parameter.value, ',')) {
        if (is_full_) return;
        is_full_ = !add(name, parameter, issues) || ++names == most_names;
    }
}

Criteria without_own(const Criteria& criteria, index::Dimension dimension) {
    Criteria others = criteria;
    std::erase_if(others.criteria, [dimension](const Criterion& each) { return each.dimension == dimension; });
    return others;
}

Facet count_facet(index::Dimension dimension, const Plan& plan, const index::Snapshot& snapshot,
                  const index::Dictionary& dictionary) {
    const auto codes = dictionary.codes_of(dimension);
    std::vector<std::uint64_t> counts(codes.size(), 0);
    const auto any = dictionary.find(dimension, index::any_code);
    Facet facet;
    visit_matches(plan, snapshot, [&](std::size_t part, const MatchedRows& rows) {
        const auto& segment = *snapshot.parts[part].segment;
        facet.silent += rows.count - (any ? count_with_code(rows, segment, *any) : 0);
        for (std::size_t i = 0; i < codes.size(); ++i) counts[i] += count_with_code(rows, segment, codes[i]);
    });
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (counts[i] == 0) continue;
        ++facet.distinct;
        facet.values.push_back({std::string(dictionary.code(codes[i])), counts[i]});
    }
    const auto kept = std::min(facet.values.size(), most_facet_values);
    std::partial_sort(facet.values.begin(), facet.values.begin() + static_cast<std::ptrdiff_t>(kept),
                      facet.values.end(), stands_before);
    facet.values.resize(kept);
    return facet;
}

}  // namespace cvstroom::search
