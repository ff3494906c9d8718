// One disclosure: a call in which somebody received members of CVs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "base/uuid.hpp"

namespace cvstroom::audit {

// A CV of which something was given, in that version.
struct Disclosed {
    Uuid cv;
    std::uint32_t version = 0;
};

// The whole document.
inline constexpr std::string_view whole_document = "*";

// Holds nothing of a person but ids.
struct Entry {
    Instant at{};          // set when it is recorded
    std::string trace;     // of the answer: BelGov-Trace-Id
    std::string partner;   // who received it
    std::string key;       // the key's public prefix
    std::string resource;  // "detail", "search", …
    std::string members;   // "*", the paths of `velden` with commas between them, or "anoniem"
    std::vector<Disclosed> cvs;
};

}  // namespace cvstroom::audit
