// A UUID as 16 bytes: the identity of a CV (`cvId`), of an epoch, of a trace.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cvstroom {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    // Reads the 8-4-4-4-12 form, hexadecimal digits in either case. Nothing else is accepted.
    static std::optional<Uuid> parse(std::string_view text);

    // A random UUID (version 4, RFC 9562 §5.4) from the operating system's generator.
    static Uuid random();

    // Lower case, 36 characters.
    std::string to_string() const;
    void append_to(std::string& out) const;

    auto operator<=>(const Uuid&) const = default;
};

// Random UUIDs carry their own entropy, but an attacker may choose ids: both halves are mixed.
struct UuidHash {
    std::size_t operator()(const Uuid& id) const noexcept {
        std::uint64_t high = 0;
        std::uint64_t low = 0;
        std::memcpy(&high, id.bytes.data(), sizeof high);
        std::memcpy(&low, id.bytes.data() + 8, sizeof low);
        std::uint64_t mixed = (high ^ 0x9E3779B97F4A7C15U) * 0xBF58476D1CE4E5B9U;
        mixed ^= mixed >> 32U;
        mixed = (mixed ^ low) * 0x94D049BB133111EBU;
        return static_cast<std::size_t>(mixed ^ (mixed >> 29U));
    }
};

}  // namespace cvstroom
