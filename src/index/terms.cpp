#include "index/terms.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/digest.hpp"

namespace cvstroom::index {
namespace {

// To be raised with every change of what a document's terms are.
constexpr std::string_view terms_version = "terms 1\n";

class Collector {
  public:
    Collector(Dictionary& dictionary, std::vector<TermKey>& terms) : dictionary_(dictionary), terms_(terms) {}

    void add(Dimension dimension, std::string_view code, std::uint16_t rank = 0) {
        terms_.push_back(term_key(dictionary_.add(dimension, code), rank));
    }
    void add_all(Dimension dimension, const std::vector<candidate::RankedCode>& codes) {
        for (const auto& each : codes) add(dimension, each.code, each.rank);
        if (!codes.empty()) add(dimension, any_code);
    }

  private:
    Dictionary& dictionary_;
    std::vector<TermKey>& terms_;
};

// A wish for BE231A is found by BE231A, BE231, BE23, …: the hierarchy is paid for once, when the document comes in.
void add_regions(const std::vector<candidate::RankedCode>& regions, const reference::CodeList& list, Collector& collector) {
    for (const auto& region : regions) {
        for (const auto around : list.with_ancestors(region.code)) collector.add(Dimension::region, around);
    }
    if (!regions.empty()) collector.add(Dimension::region, any_code);
}

}  // namespace

void collect_terms(const candidate::Facts& facts, const reference::ReferenceData& lists, Dictionary& dictionary,
                   std::vector<TermKey>& terms) {
    const auto first = static_cast<std::ptrdiff_t>(terms.size());
    Collector collector(dictionary, terms);
    collector.add_all(Dimension::study, facts.studies);
    collector.add_all(Dimension::profession, facts.professions);
    collector.add_all(Dimension::competence, facts.competences);
    collector.add_all(Dimension::language, facts.languages);
    collector.add_all(Dimension::soft_skill, facts.soft_skills);
    collector.add_all(Dimension::driving_licence, facts.driving_licences);
    collector.add_all(Dimension::certificate, facts.certificates);
    collector.add_all(Dimension::work_regime, facts.work_regimes);
    collector.add_all(Dimension::work_system, facts.work_systems);
    add_regions(facts.regions, lists.list(candidate::CodeKind::region), collector);
    if (facts.has_own_car) {
        collector.add(Dimension::own_car, *facts.has_own_car ? "true" : "false");
        collector.add(Dimension::own_car, any_code);
    }
    std::sort(terms.begin() + first, terms.end());
    terms.erase(std::unique(terms.begin() + first, terms.end()), terms.end());
}

std::uint64_t indexing_fingerprint(const reference::ReferenceData& lists) {
    std::string text(terms_version);
    for (const auto& item : lists.list(candidate::CodeKind::region).items()) {
        text += item.code;
        text += '\t';
        text += item.parent;
        text += '\n';
    }
    const auto digest = sha256(text);
    std::uint64_t fingerprint = 0;
    std::memcpy(&fingerprint, digest.data(), sizeof fingerprint);
    return fingerprint;
}

}  // namespace cvstroom::index
