// Small questions about text that the standard library does not answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cvstroom {

// The parts between separators; an empty text has one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

// Without spaces and tabs at either end.
std::string_view trim(std::string_view text);

// ASCII only: header names and codes are ASCII.
bool equal_ignoring_case(std::string_view a, std::string_view b);

// The whole text as a decimal integer without sign, or nothing.
std::optional<std::uint64_t> parse_unsigned(std::string_view text);

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_valid_utf8(std::string_view text);

// The number of single-character edits between two texts, at most `limit` + 1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

}  // namespace cvstroom
