// Pieces of JSON made ahead, and the few values that are written anew for each document.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json_writer.hpp"

namespace cvstroom::sandbox {

// `text` escaped as inside a JSON string, without the quotes.
inline std::string json_text(std::string_view text) {
    std::string quoted;
    append_json_string(quoted, text);
    return quoted.substr(1, quoted.size() - 2);
}

inline void append_number(std::string& out, std::uint64_t value) {
    char digits[20];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

// "2022-07-27", without quotes. Pre: a year of four digits.
inline void append_date(std::string& out, std::chrono::sys_days day) {
    const std::chrono::year_month_day date(day);
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    const auto month = static_cast<unsigned>(date.month());
    const auto day_of_month = static_cast<unsigned>(date.day());
    const auto digit = [](unsigned value) { return static_cast<char>('0' + value % 10); };
    const char text[] = {digit(year / 1000),
                         digit(year / 100),
                         digit(year / 10),
                         digit(year),
                         '-',
                         digit(month / 10),
                         digit(month),
                         '-',
                         digit(day_of_month / 10),
                         digit(day_of_month)};
    out.append(text, sizeof text);
}

}  // namespace cvstroom::sandbox
