#include "search/facts_match.hpp"

#include <algorithm>
#include <vector>

namespace cvstroom::search {
namespace {

using candidate::Facts;
using candidate::RankedCode;
using index::Dimension;

RankedCode code_of(std::string_view code) {
    RankedCode said;
    said.code = code;
    return said;
}

std::vector<RankedCode> with_regions_around(const std::vector<RankedCode>& codes, const reference::CodeList& regions) {
    std::vector<RankedCode> said;
    for (const auto& each : codes) {
        for (const auto around : regions.with_ancestors(each.code)) said.push_back(code_of(around));
    }
    return said;
}

// What the CV says in a dimension.
std::vector<RankedCode> said_in(Dimension dimension, const Facts& facts, const reference::ReferenceData& lists) {
    switch (dimension) {
        case Dimension::study:
            return facts.studies;
        case Dimension::region:
            return with_regions_around(facts.regions, lists.list(candidate::CodeKind::region));
        case Dimension::profession:
            return facts.professions;
        case Dimension::competence:
            return facts.competences;
        case Dimension::soft_skill:
            return facts.soft_skills;
        case Dimension::language:
            return facts.languages;
        case Dimension::driving_licence:
            return facts.driving_licences;
        case Dimension::own_car:
            if (!facts.has_own_car) return {};
            return {code_of(*facts.has_own_car ? "true" : "false")};
        case Dimension::certificate:
            return facts.certificates;
        case Dimension::work_regime:
            return facts.work_regimes;
        case Dimension::work_system:
            return facts.work_systems;
    }
    return {};
}

bool satisfies(const Criterion& criterion, bool keep_unknown, const std::vector<RankedCode>& said) {
    const auto has = [&said](const Value& value) {
        return std::any_of(said.begin(), said.end(), [&value](const RankedCode& each) {
            return each.code == value.code && each.rank >= value.least_rank;
        });
    };
    if (std::any_of(criterion.excluded.begin(), criterion.excluded.end(), has)) return false;
    if (criterion.wanted.empty()) return true;
    if (said.empty()) return keep_unknown;
    return criterion.all ? std::all_of(criterion.wanted.begin(), criterion.wanted.end(), has)
                         : std::any_of(criterion.wanted.begin(), criterion.wanted.end(), has);
}

}  // namespace

bool matches(const Criteria& criteria, const Facts& facts, const reference::ReferenceData& lists) {
    return std::all_of(criteria.criteria.begin(), criteria.criteria.end(), [&](const Criterion& criterion) {
        return satisfies(criterion, criteria.keep_unknown, said_in(criterion.dimension, facts, lists));
    });
}

}  // namespace cvstroom::search
