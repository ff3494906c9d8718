#include "store/control.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"

namespace cvstroom::store {
namespace {

std::uint64_t read_number(const std::uint8_t* bytes) {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = (number << 8U) | bytes[i];
    return number;
}

Uuid filled(const IdPrefix& prefix, std::uint8_t fill) {
    Uuid id;
    id.bytes.fill(fill);
    for (unsigned place = 0; place < prefix.digits; ++place) {
        const unsigned digit = (prefix.value >> (4 * (prefix.digits - 1 - place))) & 0xFU;
        std::uint8_t& byte = id.bytes[place / 2];
        byte = static_cast<std::uint8_t>(place % 2 == 0 ? (byte & 0x0FU) | (digit << 4U) : (byte & 0xF0U) | digit);
    }
    return id;
}

}  // namespace

std::string ControlSum::to_hex() const {
    return fmt::format("{:016x}{:016x}", high, low);
}

ControlSum control_digest(const Uuid& cv, std::uint32_t version) {
    std::string bytes(reinterpret_cast<const char*>(cv.bytes.data()), cv.bytes.size());
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(std::uint64_t{version} >> shift));
    const Sha256 digest = sha256(bytes);
    return {read_number(digest.data()), read_number(digest.data() + 8)};
}

std::optional<IdPrefix> IdPrefix::parse(std::string_view text) {
    if (text.size() > most_digits) return std::nullopt;
    IdPrefix prefix;
    for (const char c : text) {
        const bool is_decimal = c >= '0' && c <= '9';
        const char lower = static_cast<char>(c | 0x20);
        if (!is_decimal && (lower < 'a' || lower > 'f')) return std::nullopt;
        prefix = prefix.child(static_cast<unsigned>(is_decimal ? c - '0' : lower - 'a' + 10));
    }
    return prefix;
}

std::string IdPrefix::to_string() const {
    return digits == 0 ? std::string() : fmt::format("{:0{}x}", value, digits);
}

Uuid IdPrefix::first() const {
    return filled(*this, 0x00);
}

Uuid IdPrefix::last() const {
    return filled(*this, 0xFF);
}

}  // namespace cvstroom::store
