// The terms of the index: which codes there are, as small numbers.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cvstroom::index {

// What a code is about. Each search criterion on codes looks at one dimension.
enum class Dimension : std::uint8_t {
    study,            // rank: 0 not obtained, else the year (1: a year that is not stated)
    region,           // a wish matches its own code and every region around it
    profession,       // rank: the level of experience
    competence,       // rank: the score
    soft_skill,       //
    language,         // rank: the level
    driving_licence,  //
    own_car,          // the codes "true" and "false"
    certificate,      //
    work_regime,      //
    work_system,      //
};

// The code that every CV has which says anything at all in a dimension.
inline constexpr std::string_view any_code = "";

// A code of a dimension, as a number that never changes while the process lives.
using CodeNumber = std::uint32_t;

// A code with a rank. Keys of one code are neighbours, in order of rank, so that "at least rank r" is a range of keys.
using TermKey = std::uint64_t;
constexpr TermKey term_key(CodeNumber code, std::uint16_t rank) {
    return (TermKey{code} << 16U) | rank;
}

// Gives every (dimension, code) its number. Only grows. Thread-safe; readers share.
class Dictionary {
  public:
    // Longer codes are cut: code lists have none.
    static constexpr std::size_t longest_code = 63;

    CodeNumber add(Dimension dimension, std::string_view code);
    std::optional<CodeNumber> find(Dimension dimension, std::string_view code) const;

    // The code of a number that add() or find() gave. The view stays valid as long as the dictionary.
    std::string_view code(CodeNumber number) const;
    Dimension dimension(CodeNumber number) const;

    // All codes of a dimension that any CV ever had, any_code left out, in the order in which they were added.
    std::vector<CodeNumber> codes_of(Dimension dimension) const;

    // All of them by number: the dimension as a byte, then the code. What a saved index keeps.
    std::vector<std::string> names() const;

  private:
    mutable std::shared_mutex mutex_;
    std::deque<std::string> names_;  // a deque: the map's views stay valid as it grows
    std::unordered_map<std::string_view, CodeNumber> numbers_;
};

}  // namespace cvstroom::index
