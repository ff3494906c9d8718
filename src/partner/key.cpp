#include "partner/key.hpp"

#include <algorithm>
#include <array>

namespace cvstroom::partner {
namespace {

constexpr std::string_view mark = "cvs_";
constexpr std::size_t prefix_length = mark.size() + 8;
constexpr std::size_t key_length = prefix_length + 1 + 32;

bool is_hex_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

NewKey make_key() {
    std::array<std::uint8_t, 4> name{};
    std::array<std::uint8_t, 16> entropy{};
    fill_random(name);
    fill_random(entropy);
    NewKey key;
    key.prefix = std::string(mark) + to_hex(name);
    key.secret = key.prefix + '_' + to_hex(entropy);
    return key;
}

std::optional<std::string_view> key_prefix(std::string_view key) {
    if (key.size() != key_length || !key.starts_with(mark) || key[prefix_length] != '_') return std::nullopt;
    const auto name = key.substr(mark.size(), 8);
    const auto entropy = key.substr(prefix_length + 1);
    if (!std::all_of(name.begin(), name.end(), is_hex_digit)) return std::nullopt;
    if (!std::all_of(entropy.begin(), entropy.end(), is_hex_digit)) return std::nullopt;
    return key.substr(0, prefix_length);
}

}  // namespace cvstroom::partner
