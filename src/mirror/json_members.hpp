// Members of an answer's objects, as an API that promises nothing gives them: what is missing or of another type reads
// as empty, and whoever needs it says what is wrong.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace cvstroom::mirror {

// Empty when it is no text.
inline std::string text_of(const simdjson::dom::object& object, std::string_view name) {
    std::string_view text;
    if (object[name].get(text) != simdjson::SUCCESS) return {};
    return std::string(text);
}

// 0 when it is no number without sign.
inline std::uint64_t number_of(const simdjson::dom::object& object, std::string_view name) {
    std::uint64_t number = 0;
    if (object[name].get(number) != simdjson::SUCCESS) return 0;
    return number;
}

}  // namespace cvstroom::mirror
