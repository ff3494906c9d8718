// The names of the criteria on the wire, and what each means.
#pragma once

#include <array>
#include <string_view>

#include "candidate/code_book.hpp"
#include "index/dictionary.hpp"

namespace cvstroom::search {

struct CriterionName {
    std::string_view name;
    index::Dimension dimension;
    candidate::CodeKind codes;
    bool has_ranks;                  // "N:3": the code, and at least this rank
    candidate::CodeKind rank_codes;  // when has_ranks
};

inline constexpr std::array criterion_names{
    CriterionName{"studies", index::Dimension::study, candidate::CodeKind::diploma, false, {}},
    CriterionName{"gewensteRegios", index::Dimension::region, candidate::CodeKind::region, false, {}},
    CriterionName{"beroepen", index::Dimension::profession, candidate::CodeKind::profession, true,
                  candidate::CodeKind::experience_level},
    CriterionName{"competenties", index::Dimension::competence, candidate::CodeKind::competence, true,
                  candidate::CodeKind::competence_score},
    CriterionName{"softSkills", index::Dimension::soft_skill, candidate::CodeKind::soft_skill, false, {}},
    CriterionName{"talen", index::Dimension::language, candidate::CodeKind::language, true,
                  candidate::CodeKind::language_level},
    CriterionName{"rijbewijzen", index::Dimension::driving_licence, candidate::CodeKind::driving_licence, false, {}},
    CriterionName{"attesten", index::Dimension::certificate, candidate::CodeKind::certificate, false, {}},
    CriterionName{"arbeidsRegimes", index::Dimension::work_regime, candidate::CodeKind::work_regime, false, {}},
    CriterionName{"arbeidsStelsels", index::Dimension::work_system, candidate::CodeKind::work_system, false, {}},
};

// The parameter that asks about a dimension.
constexpr std::string_view parameter_name(index::Dimension dimension) {
    for (const auto& each : criterion_names) {
        if (each.dimension == dimension) return each.name;
    }
    return "eigenWagen";
}

// Criteria that are no code lists, and words that change others.
inline constexpr std::array modifier_names{
    std::string_view{"behaald"},      std::string_view{"behaaldSinds"}, std::string_view{"ervaring"},
    std::string_view{"eigenWagen"},   std::string_view{"onbekend"},     std::string_view{"sinds"},
    std::string_view{"gewijzigdVan"}, std::string_view{"gewijzigdTot"}, std::string_view{"trefwoord"},
    std::string_view{"postcode"},     std::string_view{"straal"},
};

// What must not be asked for: traits that Belgian anti-discrimination law protects, and identity (SPEC 4).
inline constexpr std::array protected_names{
    std::string_view{"nationaliteit"}, std::string_view{"nationaliteiten"},
    std::string_view{"geslacht"},      std::string_view{"leeftijd"},
    std::string_view{"geboortedatum"}, std::string_view{"geboortejaar"},
    std::string_view{"naam"},          std::string_view{"voornaam"},
    std::string_view{"achternaam"},    std::string_view{"roepnaam"},
    std::string_view{"nationality"},   std::string_view{"gender"},
    std::string_view{"age"},           std::string_view{"name"},
    std::string_view{"leeftijdVan"},   std::string_view{"leeftijdTot"},
    std::string_view{"handicap"},      std::string_view{"religie"},
    std::string_view{"afkomst"},       std::string_view{"burgerlijkeStaat"},
};

}  // namespace cvstroom::search
