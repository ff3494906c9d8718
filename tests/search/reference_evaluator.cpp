#include "tests/search/reference_evaluator.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/search/reference_text.hpp"

namespace cvstroom::test {
namespace {

using candidate::Candidate;
using index::Dimension;
using search::Criterion;
using search::Value;

struct Said {
    std::string code;
    int rank = 0;
};

int number(const std::optional<std::string>& text) {
    return text ? std::stoi(*text) : 0;
}

void studies(const Candidate& candidate, std::vector<Said>& said) {
    if (!candidate.educations) return;
    for (const auto& education : *candidate.educations) {
        if (education.type != "studie") continue;
        int year = 0;
        if (education.obtained_in) {
            year = static_cast<int>(*education.obtained_in);
        } else if (education.obtained_on) {
            year = static_cast<int>(education.obtained_on->year());
        }
        if (education.has_diploma == false) year = 0;
        if (education.has_diploma == true && year == 0) year = 1;
        said.push_back({*education.name, year});
    }
}

void certifications(const Candidate& candidate, Dimension dimension, std::vector<Said>& said) {
    if (!candidate.certifications) return;
    bool has_own_car = false;
    bool says = false;
    for (const auto& each : *candidate.certifications) {
        if (dimension == Dimension::certificate && each.type == "attest") said.push_back({each.code, 0});
        if (dimension == Dimension::driving_licence && each.type == "rijbewijs") said.push_back({each.code, 0});
        if (each.has_own_car) {
            says = true;
            has_own_car = has_own_car || *each.has_own_car;
        }
    }
    if (dimension == Dimension::own_car && says) said.push_back({has_own_car ? "true" : "false", 0});
}

void competences(const Candidate& candidate, const std::string& type, std::vector<Said>& said) {
    if (!candidate.competences) return;
    for (const auto& each : *candidate.competences) {
        if (each.type != type) continue;
        said.push_back({*each.code, number(type == "talen" ? each.level : each.score)});
    }
}

void codes(const candidate::OptionalList<std::string>& list, std::vector<Said>& said) {
    if (!list) return;
    for (const auto& code : *list) said.push_back({code, 0});
}

void professions(const Candidate& candidate, std::vector<Said>& said) {
    if (!candidate.wanted_job || !candidate.wanted_job->functions) return;
    for (const auto& function : *candidate.wanted_job->functions) {
        if (function.profile) said.push_back({function.profile->code, number(function.experience)});
    }
}

// What the CV says in a dimension.
std::vector<Said> what_is_said(const Candidate& candidate, Dimension dimension) {
    std::vector<Said> said;
    switch (dimension) {
        case Dimension::study:
            studies(candidate, said);
            break;
        case Dimension::profession:
            professions(candidate, said);
            break;
        case Dimension::competence:
            competences(candidate, "technischeCompetentie", said);
            break;
        case Dimension::language:
            competences(candidate, "talen", said);
            break;
        case Dimension::soft_skill:
            competences(candidate, "softSkill", said);
            break;
        case Dimension::driving_licence:
        case Dimension::certificate:
        case Dimension::own_car:
            certifications(candidate, dimension, said);
            break;
        case Dimension::region:
            if (candidate.wanted_job) codes(candidate.wanted_job->regions, said);
            break;
        case Dimension::work_regime:
            if (candidate.wanted_job) codes(candidate.wanted_job->work_regimes, said);
            break;
        case Dimension::work_system:
            if (candidate.wanted_job) codes(candidate.wanted_job->work_systems, said);
            break;
    }
    return said;
}

bool lies_inside(const std::string& code, const std::string& region, const reference::CodeList& regions) {
    for (const auto* item = regions.find(code); item != nullptr; item = regions.find(item->parent)) {
        if (item->code == region) return true;
    }
    return false;
}

bool matches(const Said& said, const Value& value, Dimension dimension, const reference::ReferenceData& lists) {
    const bool is_code = dimension == Dimension::region
                             ? lies_inside(said.code, value.code, lists.list(candidate::CodeKind::region))
                             : said.code == value.code;
    return is_code && said.rank >= value.least_rank;
}

bool satisfies(const Candidate& candidate, const Criterion& criterion, bool keep_unknown,
               const reference::ReferenceData& lists) {
    const auto said = what_is_said(candidate, criterion.dimension);
    const auto has = [&](const Value& value) {
        return std::any_of(said.begin(), said.end(),
                           [&](const Said& each) { return matches(each, value, criterion.dimension, lists); });
    };
    if (std::any_of(criterion.excluded.begin(), criterion.excluded.end(), has)) return false;
    if (criterion.wanted.empty()) return true;
    if (said.empty()) return keep_unknown;
    if (criterion.all) return std::all_of(criterion.wanted.begin(), criterion.wanted.end(), has);
    return std::any_of(criterion.wanted.begin(), criterion.wanted.end(), has);
}

}  // namespace

bool satisfies(const Candidate& candidate, Instant instant, const search::Criteria& criteria,
               const reference::ReferenceData& lists) {
    if (criteria.changed_from && instant < *criteria.changed_from) return false;
    if (criteria.changed_until && instant >= *criteria.changed_until) return false;
    if (criteria.text && !matches(candidate, *criteria.text)) return false;
    if (criteria.around && !lies_within(candidate, *criteria.around, criteria.keep_unknown, lists.places())) {
        return false;
    }
    return std::all_of(criteria.criteria.begin(), criteria.criteria.end(), [&](const Criterion& criterion) {
        return satisfies(candidate, criterion, criteria.keep_unknown, lists);
    });
}

FacetCounts count_facet(const std::vector<const Candidate*>& matches, Dimension dimension,
                        const reference::ReferenceData& lists) {
    FacetCounts counts;
    for (const auto* candidate : matches) {
        std::set<std::string> codes;
        for (const auto& each : what_is_said(*candidate, dimension)) {
            codes.insert(each.code);
            if (dimension != Dimension::region) continue;
            const auto& regions = lists.list(candidate::CodeKind::region);
            for (const auto* item = regions.find(each.code); item != nullptr; item = regions.find(item->parent)) {
                codes.insert(item->code);
            }
        }
        for (const auto& code : codes) ++counts.values[code];
        if (codes.empty()) ++counts.silent;
    }
    return counts;
}

}  // namespace cvstroom::test
