#include "mirror/tables.hpp"

namespace cvstroom::mirror {
namespace {

using enum ColumnKind;

constexpr Column person_columns[] = {
    {"family_name"},
    {"given_name"},
    {"preferred_name"},
    {"gender"},
    {"birth_date"},
    {"nationality"},
    {"email"},
    {"mobile_phone"},
    {"phone"},
    {"website"},
    {"street"},
    {"house_number"},
    {"box"},
    {"postcode"},
    {"municipality"},
    {"country"},
    {"official_street"},
    {"official_house_number"},
    {"official_box"},
    {"official_postcode"},
    {"official_municipality"},
    {"official_country"},
};
constexpr Column experience_columns[] = {{"type"},     {"title"},    {"started_on"},
                                         {"ended_on"}, {"employer"}, {"description"}};
constexpr Column education_columns[] = {
    {"type"}, {"name"}, {"information"}, {"obtained_on"}, {"obtained_in", integer}, {"has_diploma", boolean}};
constexpr Column certification_columns[] = {{"type"}, {"code"}, {"has_own_car", boolean}};
constexpr Column competence_columns[] = {{"type"}, {"code"}, {"level"}, {"score"}, {"name"}, {"description"}};
constexpr Column wanted_function_columns[] = {{"title"}, {"experience"}, {"profession"}};
constexpr Column wish_columns[] = {{"kind"}, {"code"}};

constexpr std::string_view by_name_and_postcode[] = {"family_name", "postcode"};
constexpr std::string_view by_name[] = {"name"};
constexpr std::string_view by_code[] = {"code"};
constexpr std::string_view by_profession[] = {"profession"};

constexpr TableShape shapes[table_count] = {
    {"person", false, person_columns, by_name_and_postcode},
    {"experience", true, experience_columns, {}},
    {"education", true, education_columns, by_name},
    {"certification", true, certification_columns, by_code},
    {"competence", true, competence_columns, by_code},
    {"wanted_function", true, wanted_function_columns, by_profession},
    {"wish", true, wish_columns, by_code},
};

constexpr std::array<Table, table_count> tables = {Table::person,        Table::experience, Table::education,
                                                   Table::certification, Table::competence, Table::wanted_function,
                                                   Table::wish};

}  // namespace

const TableShape& shape_of(Table table) {
    return shapes[static_cast<std::size_t>(table)];
}

const std::array<Table, table_count>& all_tables() {
    return tables;
}

}  // namespace cvstroom::mirror
