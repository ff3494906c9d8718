// Words in the languages that people write their CVs in.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cvstroom::sandbox {

enum class Tongue : std::size_t { dutch, french, english };
constexpr std::size_t tongues = 3;

constexpr std::size_t at(Tongue tongue) {
    return static_cast<std::size_t>(tongue);
}

// A label as JSON text, as it stands at the start of a sentence and inside one.
struct Phrase {
    std::string first;
    std::string inside;  // the first letter in lower case, but for abbreviations ("ICT-ontwikkelingen")
};

Phrase make_phrase(std::string_view label);

}  // namespace cvstroom::sandbox
