#include "search/explanation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "index/text_analysis.hpp"
#include "search/names.hpp"
#include "search/text_reader.hpp"

namespace cvstroom::search {
namespace {

using candidate::Facts;
using candidate::RankedCode;
using index::Dimension;

// What a document says in a dimension, and where its entries stand.
struct Said {
    const std::vector<RankedCode>& codes;
    std::string_view before;  // the pointer around an entry's position
    std::string_view after;
};

Said said_in(const Facts& facts, Dimension dimension) {
    static const std::vector<RankedCode> nothing;
    switch (dimension) {
        case Dimension::study:
            return {facts.studies, "/opleidingen/", ""};
        case Dimension::region:
            return {facts.regions, "/gewensteJob/regios/", ""};
        case Dimension::profession:
            return {facts.professions, "/gewensteJob/functies/", "/beroepsprofiel"};
        case Dimension::competence:
            return {facts.competences, "/competenties/", ""};
        case Dimension::soft_skill:
            return {facts.soft_skills, "/competenties/", ""};
        case Dimension::language:
            return {facts.languages, "/competenties/", ""};
        case Dimension::driving_licence:
            return {facts.driving_licences, "/attesteringen/", ""};
        case Dimension::certificate:
            return {facts.certificates, "/attesteringen/", ""};
        case Dimension::work_regime:
            return {facts.work_regimes, "/gewensteJob/arbeidsRegimes/", ""};
        case Dimension::work_system:
            return {facts.work_systems, "/gewensteJob/arbeidsStelsels/", ""};
        case Dimension::own_car:
            break;
    }
    return {nothing, "", ""};
}

std::string with_rank(std::string_view code, std::uint16_t rank) {
    std::string text(code);
    if (rank > 0) text.append(":").append(std::to_string(rank));
    return text;
}

class Explainer {
  public:
    Explainer(const Criteria& criteria, const Facts& facts, const reference::ReferenceData& lists)
        : criteria_(criteria), facts_(facts), lists_(lists) {}

    std::vector<Finding> run() {
        for (const auto& criterion : criteria_.criteria) explain_codes(criterion);
        if (criteria_.text) explain_text(*criteria_.text);
        if (criteria_.around && criteria_.around->kilometres) explain_place(*criteria_.around);
        return std::move(findings_);
    }

  private:
    bool is_meant(const RankedCode& said, const Value& wanted, Dimension dimension) const {
        if (said.rank < wanted.least_rank) return false;
        if (dimension != Dimension::region) return said.code == wanted.code;
        const auto around = lists_.list(candidate::CodeKind::region).with_ancestors(said.code);
        return std::find(around.begin(), around.end(), wanted.code) != around.end();
    }

    void explain_codes(const Criterion& criterion) {
        if (criterion.wanted.empty()) return;
        const auto name = parameter_name(criterion.dimension);
        if (criterion.dimension == Dimension::own_car) return explain_own_car(criterion, name);
        const Said said = said_in(facts_, criterion.dimension);
        for (const auto& wanted : criterion.wanted) {
            std::size_t places = 0;
            for (const auto& each : said.codes) {
                if (places == most_places || !is_meant(each, wanted, criterion.dimension)) continue;
                std::string pointer(said.before);
                pointer.append(std::to_string(each.entry)).append(said.after);
                findings_.push_back({name, with_rank(wanted.code, wanted.least_rank), std::move(pointer),
                                     with_rank(each.code, each.rank)});
                ++places;
            }
        }
        if (said.codes.empty()) findings_.push_back({name, {}, {}, {}});
    }

    void explain_own_car(const Criterion& criterion, std::string_view name) {
        if (!facts_.has_own_car) return findings_.push_back({name, {}, {}, {}});
        findings_.push_back(
            {name, criterion.wanted.front().code, "/attesteringen", *facts_.has_own_car ? "true" : "false"});
    }

    void explain_text(const TextQuery& query) {
        const TextReader reader(query, facts_);
        for (std::size_t term = 0; term < query.terms.size(); ++term) {
            if (query.terms[term].is_excluded) continue;
            for (const auto& place : reader.find(term, most_places)) {
                findings_.push_back({"trefwoord", query.terms[term].typed,
                                     candidate::pointer_of(place.text->member, place.text->entry),
                                     std::string(place.found)});
            }
        }
    }

    void explain_place(const Around& around) {
        const auto distance = lists_.places().distance(around.centre, facts_.postcode);
        if (!distance) return findings_.push_back({"straal", {}, {}, {}});
        findings_.push_back({"straal", std::to_string(*around.kilometres), std::string(facts_.postcode_pointer),
                             fmt::format("{:.1f}", *distance)});
    }

    const Criteria& criteria_;
    const Facts& facts_;
    const reference::ReferenceData& lists_;
    std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> explain(const Criteria& criteria, const Facts& facts, const reference::ReferenceData& lists) {
    return Explainer(criteria, facts, lists).run();
}

bool matches(const TextQuery& query, const Facts& facts) {
    const TextReader reader(query, facts);
    for (std::size_t term = 0; term < query.terms.size(); ++term) {
        if (reader.find(term, 1).empty() != query.terms[term].is_excluded) return false;
    }
    return true;
}

}  // namespace cvstroom::search
