// What people are called, where they come from, and how they can be reached: all of it kept for fiction.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "sandbox/alias_table.hpp"
#include "sandbox/data_folder.hpp"

namespace cvstroom::sandbox {

struct Name {
    std::string text;  // JSON text
    std::string slug;  // lower-case ASCII letters, for mail addresses
};

// Names by how many people bear them.
struct NamePool {
    std::vector<Name> names;
    AliasTable by_bearers;

    const Name& draw(Random& random) const { return names[by_bearers.draw(random)]; }
};

struct Country {
    std::string code;             // "BE"
    std::string native_language;  // a code of talen.tsv; empty for Belgium and where several are spoken
};

// Immutable once loaded.
struct Names {
    std::array<NamePool, 2> family;                // Flanders, Wallonia
    std::array<std::array<NamePool, 2>, 2> given;  // Flanders, Wallonia; men, women
    std::vector<Country> countries;
    AliasTable by_nationality;             // of countries
    std::vector<std::string> phone_forms;  // "+32400NNNNNN": each N is any digit
    std::vector<std::string> mail_domains;

    static Names load(DataFolder& data);
};

}  // namespace cvstroom::sandbox
