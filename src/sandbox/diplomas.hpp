// What people studied, by level, field and time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/data_folder.hpp"
#include "sandbox/phrase.hpp"
#include "sandbox/random.hpp"

namespace cvstroom::sandbox {

// In the order of diploma_niveaus.tsv, from primary school.
enum class Level : std::size_t { primary, secondary, associate, bachelor, master };
constexpr std::size_t levels = 5;

struct Diploma {
    std::string code;
    Phrase label;
    std::size_t field = 0;
    std::string old_code;  // of the diploma that was converted into this one; usually empty
    Phrase old_label;
    bool is_reserved = false;  // MAE5AHH: see generator.hpp
};

// Immutable once loaded.
class Diplomas {
  public:
    static Diplomas load(DataFolder& data);

    // A first diploma of this level, obtained in `year`; of this field when there is one.
    const Diploma& draw(Random& random, Level level, std::size_t field, int year) const;
    // One that comes after a diploma of this level: a master after master, a seventh year.
    const Diploma& draw_further(Random& random, Level level) const;

    // Position of a studiegebied; the number of fields when unknown.
    std::size_t field(std::string_view name) const;
    std::size_t field_count() const { return field_names_.size(); }
    const Phrase& field_label(std::size_t field) const { return field_labels_[field]; }
    const std::string& school(Random& random, Level level) const;
    const std::string& course_school(Random& random) const { return random.pick(course_schools_); }

  private:
    using Positions = std::vector<std::uint32_t>;
    static constexpr std::size_t eras = 3;

    void read_diplomas(DataFolder& data);
    void read_schools(DataFolder& data);
    void add_to_buckets(std::string_view type, Level level, std::size_t field, std::uint32_t position);
    void fill_empty_buckets(DataFolder& data);

    std::vector<Diploma> diplomas_;
    std::vector<std::string> field_names_;
    std::vector<Phrase> field_labels_;
    std::array<std::vector<std::array<Positions, eras>>, levels> first_;  // by level, field, era; never empty
    std::array<Positions, levels> further_;
    std::vector<std::string> secondary_schools_;
    std::vector<std::string> high_schools_;
    std::vector<std::string> course_schools_;
};

}  // namespace cvstroom::sandbox
