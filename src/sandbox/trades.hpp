// What people do for a living, and what belongs to it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sandbox/alias_table.hpp"
#include "sandbox/data_folder.hpp"
#include "sandbox/diplomas.hpp"
#include "sandbox/phrase.hpp"
#include "sandbox/sectors.hpp"

namespace cvstroom::sandbox {

struct Competence {
    std::string entry_start;      // JSON: the entry of competenties up to the score's value
    std::array<Phrase, 2> label;  // Dutch, French
};

enum class Vehicle { car, truck, bus };

struct Profession {
    std::array<Phrase, 2> label;                // Dutch, French
    std::array<std::string, 2> function_start;  // JSON: the entry of functies up to the experience's value, by language
    std::string function_end;                   // JSON: from there on
    std::array<std::vector<std::string>, tongues> titles;  // JSON text; at least the label in each language
    std::vector<std::uint32_t> competences;                // positions
    std::vector<std::uint32_t> related;                    // positions of professions of the same ROME domain
    std::size_t sector = 0;
    std::size_t field = 0;        // of study
    std::size_t main_domain = 0;  // 0 for A
    char isco_group = '9';
    Vehicle vehicle = Vehicle::car;
};

// Immutable once loaded.
struct Trades {
    static constexpr std::size_t main_domains = 14;  // ROME: A to N

    std::vector<Profession> professions;
    AliasTable by_demand;  // of professions
    std::vector<Competence> competences;
    std::vector<std::string> scores;
    AliasTable by_frequency;                                          // of scores
    std::array<std::vector<std::string>, sectors.size()> employers;   // JSON text
    std::array<std::vector<std::string>, main_domains> certificates;  // codes
    std::vector<std::string> general_certificates;

    static Trades load(DataFolder& data, const Diplomas& diplomas);
};

}  // namespace cvstroom::sandbox
