#include "store/code_uses.hpp"

#include <set>
#include <string_view>
#include <vector>

#include "candidate/facts.hpp"
#include "store/document_codec.hpp"

namespace cvstroom::store {
namespace {

using candidate::CodeKind;
using Codes = std::set<std::string, std::less<>>;

void add_codes(const std::vector<candidate::RankedCode>& from, Codes& codes) {
    for (const auto& ranked : from) codes.emplace(ranked.code);
}
void add_ranks(const std::vector<candidate::RankedCode>& from, Codes& codes) {
    for (const auto& ranked : from) codes.insert(std::to_string(ranked.rank));
}

void collect(const candidate::Facts& facts, CodeKind kind, Codes& codes) {
    switch (kind) {
        case CodeKind::diploma:
            return add_codes(facts.studies, codes);
        case CodeKind::region:
            return add_codes(facts.regions, codes);
        case CodeKind::profession:
            return add_codes(facts.professions, codes);
        case CodeKind::competence:
            return add_codes(facts.competences, codes);
        case CodeKind::competence_score:
            return add_ranks(facts.competences, codes);
        case CodeKind::soft_skill:
            return add_codes(facts.soft_skills, codes);
        case CodeKind::language:
            return add_codes(facts.languages, codes);
        case CodeKind::language_level:
            return add_ranks(facts.languages, codes);
        case CodeKind::driving_licence:
            return add_codes(facts.driving_licences, codes);
        case CodeKind::certificate:
            return add_codes(facts.certificates, codes);
        case CodeKind::work_regime:
            return add_codes(facts.work_regimes, codes);
        case CodeKind::work_system:
            return add_codes(facts.work_systems, codes);
        case CodeKind::experience_level:
            return add_ranks(facts.professions, codes);
    }
}

}  // namespace

Result<CodeUses> count_code_uses(Store& store, CodeKind kind, Seq after, Seq until,
                                 const std::function<void(std::uint64_t)>& progress) {
    CodeUses uses;
    std::uint64_t done = 0;
    candidate::FactReader reader;
    Result<void> outcome;
    const auto visited = store.visit_published(after, until, [&](const Change& change, std::string_view frame) {
        const auto document = decompress_document(frame);
        if (!document) {
            outcome = fail(document.error().code, document.error().message, "CV " + change.cv.to_string());
            return false;
        }
        const auto facts = reader.read(*document);
        if (!facts) {
            outcome = fail(facts.error().code, facts.error().message, "CV " + change.cv.to_string());
            return false;
        }
        Codes codes;
        collect(**facts, kind, codes);
        for (const auto& code : codes) ++uses[code];
        if (progress) progress(++done);
        return true;
    });
    if (!visited) return tl::unexpected(visited.error());
    if (!outcome) return tl::unexpected(outcome.error());
    return uses;
}

}  // namespace cvstroom::store
