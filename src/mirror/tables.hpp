// The flat tables that a copy offers beside the documents (docs/mirror.md): their names and columns, once, for every
// sink that has tables.
//
// A row belongs to a CV by the copy's own number for it (`cv`), and stands at a `position` in it, as in the document;
// a person has no position, because a CV has one. Values are those of the document; names are English.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace cvstroom::mirror {

enum class Table : std::uint8_t { person, experience, education, certification, competence, wanted_function, wish };
inline constexpr std::size_t table_count = 7;

enum class ColumnKind : std::uint8_t { text, integer, boolean };

struct Column {
    std::string_view name;
    ColumnKind kind = ColumnKind::text;
};

struct TableShape {
    std::string_view name;
    bool has_position = true;
    std::span<const Column> columns;            // after cv and position
    std::span<const std::string_view> indexed;  // columns that get an index of their own
};

const TableShape& shape_of(Table table);
const std::array<Table, table_count>& all_tables();

}  // namespace cvstroom::mirror
