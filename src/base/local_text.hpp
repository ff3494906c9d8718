// A message to a person in the three languages of the API (SPEC 1): Dutch, French, English.
#pragma once

#include <fmt/format.h>

#include <string>

namespace cvstroom {

struct LocalText {
    std::string nl;
    std::string fr;
    std::string en;
};

// Formats the same arguments into all three. Errors are rare: writing two texts that nobody reads costs nothing that
// counts.
template <typename... Args>
LocalText local_text(fmt::format_string<const Args&...> nl, fmt::format_string<const Args&...> fr,
                     fmt::format_string<const Args&...> en, const Args&... args) {
    return {fmt::format(nl, args...), fmt::format(fr, args...), fmt::format(en, args...)};
}

}  // namespace cvstroom
