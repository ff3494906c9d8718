// Loops over bitsets, in a portable form and in forms for what x86-64 processors offer; the fastest that this machine
// has is chosen once, when it is first asked for. All give the same results (tests/search/bit_kernels_test.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cvstroom::search {

// Bitsets that a match is the intersection of: in all of `all`, in none of `none`. Each is at least as long as what is
// asked of it; any alignment, best 64 bytes.
struct BitSets {
    std::span<const std::uint64_t* const> all;  // at least one
    std::span<const std::uint64_t* const> none;
};

struct BitKernels {
    const char* name;

    // Counts the intersection's ones in the first `words` words, a multiple of 8.
    std::uint64_t (*count)(const BitSets& sets, std::size_t words);
    // The same, and puts the intersection in `out`.
    std::uint64_t (*intersect)(const BitSets& sets, std::size_t words, std::uint64_t* out);
    // out = the union of `sets` (at least one); `words` is a multiple of 8.
    void (*unite)(std::span<const std::uint64_t* const> sets, std::size_t words, std::uint64_t* out);

    // Copies those of `count` rows whose bit (the row & mask) is 1, or is 0, to `out`, which has room for all or is
    // `rows` itself or stands before it. Returns how many.
    using Keep = std::size_t (*)(const std::uint64_t* words, std::uint32_t mask, const std::uint32_t* rows,
                                 std::size_t count, std::uint32_t* out);
    Keep keep_members;
    Keep drop_members;
};

extern const BitKernels portable_kernels;

// Every form that runs on this machine, the portable one first and the fastest last. Thread-safe.
std::span<const BitKernels* const> available_kernels();

// The fastest. Thread-safe.
const BitKernels& kernels();

// Whole sets of one length, in place, with the fastest form.
using Words = std::span<std::uint64_t>;
using ConstWords = std::span<const std::uint64_t>;
void and_into(Words out, ConstWords other);      // out &= other
void and_not_into(Words out, ConstWords other);  // out &= ~other
void or_into(Words out, ConstWords other);       // out |= other

}  // namespace cvstroom::search
