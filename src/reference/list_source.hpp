// Which lists there are, and which columns of their files say what.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "candidate/code_book.hpp"

namespace cvstroom::reference {

// A column that the reference API shows as a member of its own.
struct ListProperty {
    std::string_view column;
    std::string_view member;  // wire name
};

// Beside the columns that are named here, every file may have label_fr, label_en, parent, omschrijving, omgezet_naar,
// geldig_van and geldig_tot (dates).
struct ListSource {
    std::string_view name;                      // in the reference API
    std::string_view file;                      // in data/
    std::optional<candidate::CodeKind> kind{};  // what documents and criteria use it for, if anything
    std::string_view code = "code";             // columns
    std::string_view label = "label_nl";
    std::string_view label_fr = "label_fr";
    std::string_view context{};  // when given: only the rows with this value in the column `context`
    std::array<ListProperty, 4> properties{};
};

// First those that a CodeKind names, in its order; then the others.
std::span<const ListSource> list_sources();

// nullptr when there is no list of that name.
const ListSource* find_list_source(std::string_view name);

}  // namespace cvstroom::reference
