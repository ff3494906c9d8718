// What search wants to know of a document, read straight from its stored form.
//
// The stored form was valid when it was accepted, so this reader checks nothing but types, and skips what it does not
// expect: an index can always be rebuilt, also after a code list dropped a code.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cvstroom::candidate {

// A code with a rank: a language with its level, a competence with its score, a profession with its experience,
// a study with the year it was obtained in. 0: no rank is stated, or the list has none.
struct RankedCode {
    std::string_view code;
    std::uint16_t rank = 0;
    std::uint16_t entry = 0;  // its position in the list that it stands in
    bool operator==(const RankedCode&) const = default;
};

// The rank of a study that was obtained in a year that is not stated.
inline constexpr std::uint16_t obtained_some_year = 1;

// Where free text stands that `trefwoord` searches (SPEC 4).
enum class TextMember : std::uint8_t {
    experience_title,        // /ervaringen/N/functieTitel
    wanted_title,            // /gewensteJob/functies/N/titel
    competence_name,         // /competenties/N/naam
    competence_description,  // /competenties/N/beschrijving
    study_information,       // /opleidingen/N/info
    course_name,             // /opleidingen/N/naam of a course: a study's name is a code
    employer,                // /ervaringen/N/werkgever/naam
};

struct FreeText {
    TextMember member{};
    std::uint16_t entry = 0;
    std::string_view text;
};

// The JSON Pointer (RFC 6901) of a free text in its document.
std::string pointer_of(TextMember member, std::uint16_t entry);

// A Belgian postcode, 1000 to 9999; 0: none is stated.
using Postcode = std::uint16_t;
// "BE-2800" is 2800. Anything else is 0.
Postcode parse_postcode(std::string_view text);

// Views into the document that was read; codes may repeat.
struct Facts {
    std::vector<RankedCode> studies;      // rank 0: not obtained; else the year, or obtained_some_year
    std::vector<RankedCode> professions;  // of gewensteJob.functies
    std::vector<RankedCode> competences;
    std::vector<RankedCode> languages;
    std::vector<RankedCode> soft_skills;
    std::vector<RankedCode> driving_licences;
    std::vector<RankedCode> certificates;
    std::vector<RankedCode> regions;
    std::vector<RankedCode> work_regimes;
    std::vector<RankedCode> work_systems;
    std::optional<bool> has_own_car;  // true when any driving licence says so
    std::vector<FreeText> texts;      // none is empty
    // Of the contact address, or, when that states no postcode, of the official one. 0 for a foreign one too.
    Postcode postcode = 0;
    std::string_view postcode_pointer;  // where it stands; empty when none is stated

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
