// Whole numbers in as few bytes as they need: seven bits a byte, least first; the top bit says that more follow.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace cvstroom::index {

constexpr std::size_t varint_size(std::uint32_t value) {
    std::size_t bytes = 1;
    for (; value >= 0x80; value >>= 7U) ++bytes;
    return bytes;
}

inline void append_varint(std::vector<std::uint8_t>& out, std::uint32_t value) {
    for (; value >= 0x80; value >>= 7U) out.push_back(static_cast<std::uint8_t>(value | 0x80U));
    out.push_back(static_cast<std::uint8_t>(value));
}

// Writes at `out` and returns the place after it. Pre: there is room for varint_size(value).
inline std::uint8_t* write_varint(std::uint8_t* out, std::uint32_t value) {
    for (; value >= 0x80; value >>= 7U) *out++ = static_cast<std::uint8_t>(value | 0x80U);
    *out++ = static_cast<std::uint8_t>(value);
    return out;
}

// Reads at `in` and moves it on. Pre: what stands there was written by the functions above, or has been checked.
inline std::uint32_t read_varint(const std::uint8_t*& in) {
    std::uint32_t value = *in++;
    if (value < 0x80) [[likely]]
        return value;
    value &= 0x7FU;
    for (unsigned shift = 7;; shift += 7) {
        const std::uint32_t byte = *in++;
        value |= (byte & 0x7FU) << shift;
        if (byte < 0x80) return value;
    }
}

// The same for bytes that nobody has checked: nothing when the number does not end before `end` or is too large.
inline std::optional<std::uint32_t> check_varint(const std::uint8_t*& in, const std::uint8_t* end) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; in != end && shift < 35; shift += 7) {
        const std::uint8_t byte = *in++;
        value |= std::uint64_t{byte & 0x7FU} << shift;
        if (byte >= 0x80) continue;
        if (value > 0xFFFFFFFFU) return std::nullopt;
        return static_cast<std::uint32_t>(value);
    }
    return std::nullopt;
}

}  // namespace cvstroom::index
