// What search wants to know of a document, read straight from its stored form.
//
// The stored form was valid when it was accepted, so this reader checks nothing but types, and skips what it does not
// expect: an index can always be rebuilt, also after a code list dropped a code.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cvstroom::candidate {

// A code with a rank: a language with its level, a competence with its score, a profession with its experience,
// a study with the year it was obtained in. 0: no rank is stated.
struct RankedCode {
    std::string_view code;
    std::uint16_t rank = 0;
};

// The rank of a study that was obtained in a year that is not stated.
inline constexpr std::uint16_t obtained_some_year = 1;

// Views into the document that was read; codes may repeat.
struct Facts {
    std::vector<RankedCode> studies;      // rank 0: not obtained; else the year, or obtained_some_year
    std::vector<RankedCode> professions;  // of gewensteJob.functies
    std::vector<RankedCode> competences;
    std::vector<RankedCode> languages;
    std::vector<std::string_view> soft_skills;
    std::vector<std::string_view> driving_licences;
    std::vector<std::string_view> certificates;
    std::vector<std::string_view> regions;
    std::vector<std::string_view> work_regimes;
    std::vector<std::string_view> work_systems;
    std::optional<bool> has_own_car;  // true when any driving licence says so

    void clear();
};

// Not thread-safe: keep one a thread; it reuses its buffers.
class FactReader {
  public:
    FactReader();
    ~FactReader();

    // The facts stay valid until the next call. corrupt when the bytes are no JSON object.
    Result<const Facts*> read(std::string_view canonical);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace cvstroom::candidate
