// How a profession's ROME code leads to employers and to fields of study.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace cvstroom::sandbox {

// A sector of werkgevers.tsv, and how sentences name it: "ervaring in …", "dans le secteur …", "experience in …".
struct Sector {
    std::string_view name;
    std::array<std::string_view, 3> in_sentence;  // by Tongue
};

constexpr std::array<Sector, 14> sectors = {{
    {"bouw", {"de bouw", "de la construction", "construction"}},
    {"energie", {"de energiesector", "de l'énergie", "energy"}},
    {"financieel", {"de financiële sector", "financier", "finance"}},
    {"horeca", {"de horeca", "horeca", "hospitality"}},
    {"industrie", {"de industrie", "industriel", "manufacturing"}},
    {"interim", {"de interimsector", "de l'intérim", "temporary staffing"}},
    {"it", {"de IT-sector", "informatique", "IT"}},
    {"landbouw", {"de landbouw", "agricole", "agriculture"}},
    {"logistiek", {"de logistiek", "logistique", "logistics"}},
    {"onderhoud", {"onderhoud en schoonmaak", "de l'entretien", "cleaning and maintenance"}},
    {"overheid en onderwijs", {"overheid en onderwijs", "public", "the public sector"}},
    {"retail", {"de retail", "du commerce de détail", "retail"}},
    {"voeding", {"de voedingssector", "alimentaire", "food production"}},
    {"zorg", {"de zorg", "des soins", "care"}},
}};

// What the professions under a prefix of ROME codes share.
struct Branch {
    std::string_view rome;
    std::string_view sector;
    std::string_view field;  // a studiegebied of diplomas.tsv
};

// The longest prefix counts; the shorter ones stand after it.
constexpr std::array<Branch, 33> branches = {{
    {"A", "landbouw", "landbouw, biotechnologie en diergeneeskunde"},
    {"B", "industrie", "kunsten"},
    {"C", "financieel", "economie en handel"},
    {"D11", "retail", "voeding en horeca"},
    {"D12", "retail", "economie en handel"},
    {"D", "retail", "economie en handel"},
    {"E", "it", "communicatie en media"},
    {"F", "bouw", "bouw en architectuur"},
    {"G16", "horeca", "voeding en horeca"},
    {"G18", "horeca", "voeding en horeca"},
    {"G", "horeca", "persoonlijke dienstverlening en toerisme"},
    {"H21", "voeding", "voeding en horeca"},
    {"H12", "industrie", "wetenschappen"},
    {"H", "industrie", "techniek en ingenieurswetenschappen"},
    {"I", "energie", "techniek en ingenieurswetenschappen"},
    {"J11", "zorg", "geneeskunde en farmacie"},
    {"J", "zorg", "gezondheidszorg en welzijn"},
    {"K13", "zorg", "gezondheidszorg en welzijn"},
    {"K12", "zorg", "sociale wetenschappen en sociaal werk"},
    {"K19", "overheid en onderwijs", "recht en criminologie"},
    {"K21", "overheid en onderwijs", "onderwijs"},
    {"K22", "onderhoud", "persoonlijke dienstverlening en toerisme"},
    {"K24", "overheid en onderwijs", "wetenschappen"},
    {"K11", "zorg", "psychologie en pedagogie"},
    {"K", "overheid en onderwijs", "sociale wetenschappen en sociaal werk"},
    {"L", "horeca", "kunsten"},
    {"M12", "financieel", "economie en handel"},
    {"M15", "interim", "psychologie en pedagogie"},
    {"M18", "it", "informatica"},
    {"M", "industrie", "economie en handel"},
    {"N4", "logistiek", "transport en scheepvaart"},
    {"N", "logistiek", "economie en handel"},
    {"", "industrie", "economie en handel"},
}};

constexpr const Branch& branch_of(std::string_view rome) {
    for (const auto& branch : branches) {
        if (rome.starts_with(branch.rome)) return branch;
    }
    return branches.back();
}

constexpr std::size_t sector_position(std::string_view name) {
    std::size_t position = 0;
    while (position < sectors.size() && sectors[position].name != name) ++position;
    return position;
}

}  // namespace cvstroom::sandbox
