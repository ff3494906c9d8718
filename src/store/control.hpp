// Count and digest of sets of published CVs (SPEC 5, controle): what proves that two copies are equal, and finds what
// differs in a handful of questions.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/uuid.hpp"

namespace cvstroom::store {

// A number modulo 2^128. The digest of a set is the sum of its members' digests: the order does not matter, and a
// member that changes costs one subtraction and one addition.
struct ControlSum {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    ControlSum& operator+=(const ControlSum& other) {
        low += other.low;
        high += other.high + (low < other.low ? 1U : 0U);
        return *this;
    }
    ControlSum& operator-=(const ControlSum& other) {
        const std::uint64_t borrow = low < other.low ? 1U : 0U;
        low -= other.low;
        high -= other.high + borrow;
        return *this;
    }
    bool operator==(const ControlSum&) const = default;
    std::string to_hex() const;  // 32 digits
};

// The first 16 bytes, big-endian, of SHA-256(16 bytes of the id ‖ version as 8 bytes big-endian).
ControlSum control_digest(const Uuid& cv, std::uint32_t version);

// How many CVs, and the sum of their digests.
struct ControlBucket {
    std::uint64_t count = 0;
    ControlSum sum;

    void add(const Uuid& cv, std::uint32_t version) {
        ++count;
        sum += control_digest(cv, version);
    }
    void remove(const Uuid& cv, std::uint32_t version) {
        --count;
        sum -= control_digest(cv, version);
    }
    ControlBucket& operator+=(const ControlBucket& other) {
        count += other.count;
        sum += other.sum;
        return *this;
    }
};

// The ids that begin with the same hexadecimal digits: none to eight.
struct IdPrefix {
    static constexpr unsigned most_digits = 8;

    std::uint32_t value = 0;  // the digits as a number
    unsigned digits = 0;

    // Hexadecimal digits in either case, at most eight; nothing else.
    static std::optional<IdPrefix> parse(std::string_view text);
    IdPrefix child(unsigned digit) const { return {(value << 4U) | digit, digits + 1}; }
    std::string to_string() const;

    Uuid first() const;  // the least id with this prefix
    Uuid last() const;   // the greatest
};

// Digit number `place` (from 0) of an id without its dashes.
inline unsigned hex_digit(const Uuid& id, unsigned place) {
    const unsigned byte = id.bytes[place / 2];
    return place % 2 == 0 ? byte >> 4U : byte & 0xFU;
}

// The CVs that are published at an entry of the log and whose ids have a prefix.
struct Control {
    ControlBucket whole;
    std::array<ControlBucket, 16> children;                // by the digit after the prefix
    std::optional<std::map<Uuid, std::uint32_t>> members;  // with their versions, when they are few
};

}  // namespace cvstroom::store
