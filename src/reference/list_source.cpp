#include "reference/list_source.hpp"

#include <algorithm>

namespace cvstroom::reference {
namespace {

using candidate::CodeKind;

constexpr std::array sources = {
    ListSource{.name = "diplomas",
               .file = "diplomas.tsv",
               .kind = CodeKind::diploma,
               .properties = {{{"niveau_code", "niveau"},
                               {"onderwijstype", "onderwijstype"},
                               {"studiegebied", "studiegebied"},
                               {"isced_f", "iscedF"}}}},
    ListSource{.name = "regios",
               .file = "regions.tsv",
               .kind = CodeKind::region,
               .properties = {{{"niveau", "niveau"}, {"nis_code", "nisCode"}}}},
    ListSource{.name = "beroepen",
               .file = "professions.tsv",
               .kind = CodeKind::profession,
               .properties = {{{"jobdomein", "jobdomein"}, {"rome_v3", "rome"}, {"isco08", "isco"}}}},
    ListSource{.name = "competenties",
               .file = "competences.tsv",
               .kind = CodeKind::competence,
               .properties = {{{"soort", "soort"}}}},
    ListSource{.name = "competentiescores",
               .file = "competentie_scores.tsv",
               .kind = CodeKind::competence_score,
               .label = "omschrijving_nl"},
    ListSource{.name = "softskills", .file = "softskills.tsv", .kind = CodeKind::soft_skill},
    ListSource{
        .name = "talen", .file = "talen.tsv", .kind = CodeKind::language, .properties = {{{"iso639", "iso639"}}}},
    ListSource{.name = "taalniveaus", .file = "taalniveaus.tsv", .kind = CodeKind::language_level, .context = "cv"},
    ListSource{.name = "rijbewijzen", .file = "rijbewijzen.tsv", .kind = CodeKind::driving_licence},
    ListSource{.name = "attesten", .file = "attesten.tsv", .kind = CodeKind::certificate},
    ListSource{.name = "arbeidsregimes", .file = "arbeidsregimes.tsv", .kind = CodeKind::work_regime},
    ListSource{.name = "arbeidsstelsels", .file = "arbeidsstelsels.tsv", .kind = CodeKind::work_system},
    ListSource{.name = "ervaringsniveaus", .file = "ervaring.tsv", .kind = CodeKind::experience_level},
    ListSource{.name = "arbeidscontracten", .file = "arbeidscontracten.tsv"},
    ListSource{.name = "jobdomeinen", .file = "jobdomeinen.tsv"},
    ListSource{.name = "gemeenten",
               .file = "postcodes.tsv",
               .code = "gemeente_wire",
               .label = "plaats_nl",
               .label_fr = "plaats_fr",
               .properties = {{{"postcode", "postcode"}, {"nis_code", "nisCode"}, {"regio_code", "regio"}}}},
    ListSource{.name = "studieboom", .file = "diploma_niveaus.tsv"},
};

constexpr bool follows_code_kind() {
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (sources[i].kind && static_cast<std::size_t>(*sources[i].kind) != i) return false;
    }
    return sources[static_cast<std::size_t>(CodeKind::experience_level)].kind == CodeKind::experience_level;
}
static_assert(follows_code_kind());

}  // namespace

std::span<const ListSource> list_sources() {
    return sources;
}

const ListSource* find_list_source(std::string_view name) {
    const auto* found = std::ranges::find(sources, name, &ListSource::name);
    return found == sources.end() ? nullptr : found;
}

}  // namespace cvstroom::reference
