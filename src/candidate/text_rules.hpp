// What a text of the document must look like, rule by rule (SPEC 2, and the seed's documents).
#pragma once

#include <cstddef>
#include <string_view>

namespace cvstroom::candidate {

// Returns what would be right, to follow "must be", or nothing when the text is right. Never repeats the text: it may
// be a name, a mail address or a phone number, and faults reach logs.
using TextRule = std::string_view (*)(std::string_view text);

inline constexpr std::size_t most_text_bytes = 10'000;

std::string_view any_text_rule(std::string_view text);  // not longer than most_text_bytes; so are all below
std::string_view filled_text_rule(std::string_view text);
std::string_view phone_rule(std::string_view text);
std::string_view email_rule(std::string_view text);
std::string_view website_rule(std::string_view text);
std::string_view gender_rule(std::string_view text);
std::string_view country_rule(std::string_view text);
std::string_view postcode_rule(std::string_view text);
std::string_view belgian_municipality_rule(std::string_view text);

// "BE-2800": a postcode says in which country it lies.
bool is_belgian_postcode(std::string_view postcode);

}  // namespace cvstroom::candidate
