#include "candidate/text_rules.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cvstroom::candidate {
namespace {

constexpr std::size_t most_phone_characters = 40;
constexpr std::ptrdiff_t most_postcode_characters = 12;
constexpr std::size_t belgian_postcode_digits = 4;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_country(std::string_view text) {
    return text.size() == 2 && is_upper(text[0]) && is_upper(text[1]);
}

bool are_four_digits(std::string_view text) {
    return text.size() == belgian_postcode_digits && std::all_of(text.begin(), text.end(), is_digit);
}

// In UTF-8 every character has one byte that does not continue another.
std::ptrdiff_t count_characters(std::string_view text) {
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; });
}

bool has_control_characters(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
    return text.size() > start.size() && equal_ignoring_case(text.substr(0, start.size()), start);
}

}  // namespace

std::string_view any_text_rule(std::string_view text) {
    return text.size() <= most_text_bytes ? "" : "a text of at most 10000 bytes";
}

std::string_view filled_text_rule(std::string_view text) {
    return text.empty() ? "a text of at least one character" : any_text_rule(text);
}

std::string_view phone_rule(std::string_view text) {
    constexpr std::string_view allowed = "0123456789+ /.-()";
    if (text.size() <= most_phone_characters && text.find_first_not_of(allowed) == text.npos) return {};
    return "a phone number: at most 40 characters, digits, spaces and + / . - ( ) only";
}

std::string_view email_rule(std::string_view text) {
    const auto at = text.find('@');
    const bool is_right = at != text.npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos;
    return is_right ? any_text_rule(text) : "a mail address: one @ with text on both sides";
}

std::string_view website_rule(std::string_view text) {
    const bool is_right = starts_with_ignoring_case(text, "https://") || starts_with_ignoring_case(text, "http://");
    return is_right ? any_text_rule(text) : "an address that starts with https:// or http://";
}

std::string_view gender_rule(std::string_view text) {
    return text == "M" || text == "V" || text == "X" ? "" : "M, V or X";
}

std::string_view country_rule(std::string_view text) {
    return is_country(text) ? "" : "a country as two upper-case letters (ISO 3166-1), such as BE";
}

std::string_view postcode_rule(std::string_view text) {
    const bool has_country = text.size() > 3 && is_country(text.substr(0, 2)) && text[2] == '-';
    if (!has_country) return "a postcode with its country, such as BE-2800";
    const auto code = text.substr(3);
    if (is_belgian_postcode(text)) return are_four_digits(code) ? "" : "BE- and exactly four digits, such as BE-2800";
    const bool is_right = count_characters(code) <= most_postcode_characters && !has_control_characters(code);
    return is_right ? "" : "a country, a hyphen and 1 to 12 characters, such as NL-1012 AB";
}

std::string_view belgian_municipality_rule(std::string_view text) {
    const bool is_right = text.size() > belgian_postcode_digits + 1 &&
                          are_four_digits(text.substr(0, belgian_postcode_digits)) &&
                          text[belgian_postcode_digits] == '-';
    return is_right ? any_text_rule(text)
                    : "four digits, a hyphen and a name in a Belgian address, such as 2800-MECHELEN";
}

bool is_belgian_postcode(std::string_view postcode) {
    return postcode.starts_with("BE-");
}

}  // namespace cvstroom::candidate
