#include "sandbox/diplomas.hpp"

#include <algorithm>
#include <unordered_map>

#include "sandbox/fragments.hpp"

namespace cvstroom::sandbox {
namespace {

const std::string diploma_file = "diplomas.tsv";
constexpr std::string_view reserved_code = "MAE5AHH";

// The structures of education: before the Bologna decree, after it, and since secondary schools dropped ASO, TSO, BSO.
enum Era : std::size_t { before_2004, before_2023, since_2023 };

Era era_of(int year) {
    if (year < 2004) return before_2004;
    return year < 2023 ? before_2023 : since_2023;
}

Level level_of(std::string_view code) {
    if (code == "B") return Level::primary;
    if (code == "F") return Level::associate;
    if (code == "D") return Level::bachelor;
    return code == "E" ? Level::master : Level::secondary;
}

bool is_further(std::string_view type) {
    return type == "master-na-master" || type == "bachelor-na-bachelor" || type == "doctoraat" ||
           type.starts_with("Se-n-Se") || type.find("7de") != std::string_view::npos;
}

bool exists_in(std::string_view type, Level level, std::size_t era) {
    if (type.starts_with("oud:")) return era == before_2004;
    if (type.starts_with("secundair, ")) return era == since_2023;
    if (level == Level::secondary) return era != since_2023;
    // Older degrees were converted into new ones, as in the seed (MAE5AHH of 1999).
    return level != Level::bachelor || era != before_2004;
}

}  // namespace

Diplomas Diplomas::load(DataFolder& data) {
    Diplomas diplomas;
    diplomas.read_diplomas(data);
    diplomas.read_schools(data);
    return diplomas;
}

void Diplomas::read_diplomas(DataFolder& data) {
    const auto table =
        data.read(diploma_file, {"code", "label_nl", "niveau_code", "onderwijstype", "studiegebied", "omgezet_naar"});
    std::unordered_map<std::string_view, std::uint32_t> positions;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto name = table.cell(row, "studiegebied");
        if (field(name) < field_names_.size()) continue;
        field_names_.emplace_back(name);
        field_labels_.push_back(make_phrase(name));
    }
    for (auto& by_field : first_) by_field.resize(field_names_.size());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto code = table.cell(row, "code");
        const auto position = static_cast<std::uint32_t>(diplomas_.size());
        positions.emplace(code, position);
        diplomas_.push_back({json_text(code),
                             make_phrase(table.cell(row, "label_nl")),
                             field(table.cell(row, "studiegebied")),
                             {},
                             {},
                             code == reserved_code});
        add_to_buckets(table.cell(row, "onderwijstype"), level_of(table.cell(row, "niveau_code")),
                       diplomas_.back().field, position);
    }
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto successor = positions.find(table.cell(row, "omgezet_naar"));
        if (successor == positions.end()) continue;
        diplomas_[successor->second].old_code = diplomas_[row].code;
        diplomas_[successor->second].old_label = diplomas_[row].label;
    }
    fill_empty_buckets(data);
}

void Diplomas::add_to_buckets(std::string_view type, Level level, std::size_t field, std::uint32_t position) {
    if (is_further(type)) {
        further_[static_cast<std::size_t>(level)].push_back(position);
        return;
    }
    for (std::size_t era = 0; era < eras; ++era) {
        if (exists_in(type, level, era)) first_[static_cast<std::size_t>(level)][field][era].push_back(position);
    }
}

// Where a field has nothing of a level and era, all that the level has then takes its place.
void Diplomas::fill_empty_buckets(DataFolder& data) {
    for (auto& by_field : first_) {
        for (std::size_t era = 0; era < eras; ++era) {
            Positions all;
            for (const auto& by_era : by_field) all.insert(all.end(), by_era[era].begin(), by_era[era].end());
            data.need(!all.empty(), diploma_file, "first diplomas of every level and time");
            for (auto& by_era : by_field) {
                if (by_era[era].empty()) by_era[era] = all;
            }
        }
    }
    for (std::size_t level = static_cast<std::size_t>(Level::associate); level < levels; ++level) {
        // A graduate of a shorter programme goes on to a bachelor's degree.
        if (further_[level].empty()) further_[level] = further_[static_cast<std::size_t>(Level::bachelor)];
        data.need(!further_[level].empty(), diploma_file, "diplomas that follow on a bachelor or a master");
    }
    data.need(!further_[static_cast<std::size_t>(Level::secondary)].empty(), diploma_file, "a seventh secondary year");
}

void Diplomas::read_schools(DataFolder& data) {
    const std::string file = "onderwijsinstellingen.tsv";
    const auto table = data.read(file, {"naam", "soort"});
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto kind = table.cell(row, "soort");
        auto& schools = kind == "secundair" ? secondary_schools_ : kind == "hoger" ? high_schools_ : course_schools_;
        schools.push_back(json_text(table.cell(row, "naam")));
    }
    data.need(!secondary_schools_.empty() && !high_schools_.empty() && !course_schools_.empty(), file,
              "schools of every kind");
}

const Diploma& Diplomas::draw(Random& random, Level level, std::size_t field, int year) const {
    return diplomas_[random.pick(first_[static_cast<std::size_t>(level)][field][era_of(year)])];
}

const Diploma& Diplomas::draw_further(Random& random, Level level) const {
    return diplomas_[random.pick(further_[static_cast<std::size_t>(level)])];
}

std::size_t Diplomas::field(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::find(field_names_, name) - field_names_.begin());
}

const std::string& Diplomas::school(Random& random, Level level) const {
    return random.pick(level <= Level::secondary ? secondary_schools_ : high_schools_);
}

}  // namespace cvstroom::sandbox
