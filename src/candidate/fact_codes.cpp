#include "candidate/fact_codes.hpp"

#include <array>
#include <charconv>

namespace cvstroom::candidate {
namespace {

struct Field {
    char letter;
    std::vector<RankedCode> Facts::*codes;
};

constexpr std::array fields{
    Field{'s', &Facts::studies},      Field{'p', &Facts::professions}, Field{'c', &Facts::competences},
    Field{'l', &Facts::languages},    Field{'k', &Facts::soft_skills}, Field{'d', &Facts::driving_licences},
    Field{'a', &Facts::certificates}, Field{'r', &Facts::regions},     Field{'g', &Facts::work_regimes},
    Field{'w', &Facts::work_systems},
};
constexpr char own_car = 'o';

// Codes come from code lists; one that would break a line is none of them.
bool is_plain(std::string_view code) {
    return code.find_first_of("\t\n") == std::string_view::npos;
}

void unpack_line(std::string_view line, Facts& facts) {
    const char letter = line.front();
    line.remove_prefix(1);
    if (letter == own_car) facts.has_own_car = line == "1";
    const auto tab = line.find('\t');
    RankedCode code;
    code.code = line.substr(0, tab);
    if (tab != std::string_view::npos) {
        std::from_chars(line.data() + tab + 1, line.data() + line.size(), code.rank);
    }
    for (const auto& field : fields) {
        if (field.letter == letter) (facts.*field.codes).push_back(code);
    }
}

}  // namespace

std::string pack_facts(const Facts& facts) {
    std::string packed;
    for (const auto& field : fields) {
        for (const auto& each : facts.*field.codes) {
            if (!is_plain(each.code)) continue;
            packed.append(1, field.letter).append(each.code);
            if (each.rank != 0) packed.append(1, '\t').append(std::to_string(each.rank));
            packed.append(1, '\n');
        }
    }
    if (facts.has_own_car) packed.append(1, own_car).append(*facts.has_own_car ? "1\n" : "0\n");
    return packed;
}

Facts unpack_facts(std::string_view packed) {
    Facts facts;
    while (!packed.empty()) {
        const auto end = packed.find('\n');
        const auto line = packed.substr(0, end);
        if (!line.empty()) unpack_line(line, facts);
        packed.remove_prefix(end == std::string_view::npos ? packed.size() : end + 1);
    }
    return facts;
}

}  // namespace cvstroom::candidate
