// Loops that read the rows of a word, in a portable form and in forms for what x86-64 processors offer; the fastest
// that this machine has is chosen once, when it is first asked for. All give the same results
// (tests/index/row_kernels_test.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "index/extension.hpp"

namespace cvstroom::index {

// So many bytes past the end of what they read, and so many rows past the end of what they write, the loops may touch:
// whole vectors are read and written.
inline constexpr std::size_t bytes_read_past = 64;
inline constexpr std::size_t rows_written_past = 15;

struct RowKernels {
    const char* name;

    // Turns packed differences into rows: `count` numbers of `width` bits (at most 32), the first in the lowest bits of
    // the first byte. Each is the difference from the row before, less one; the first one's is `before`. Rows past
    // 2^32 - 1 begin at 0 again.
    void (*unpack)(const std::uint8_t* packed, unsigned width, Row before, Row* rows, std::size_t count);

    // Sets bits from bytes of which those that are 0 were left out: `masks` are numbers of 64 bits, at any alignment,
    // in each of which a bit stands for a byte (8 rows) that follows in `data`. Or-ed into `words`, 8 to a mask.
    void (*expand)(const std::uint8_t* masks, std::size_t count, const std::uint8_t* data, std::uint64_t* words);

    // The number of ones.
    std::size_t (*count)(const std::uint64_t* words, std::size_t size);
};

extern const RowKernels portable_row_kernels;

// Every form that runs on this machine, the portable one first and the fastest last. Thread-safe.
std::span<const RowKernels* const> available_row_kernels();

// The fastest. Thread-safe.
const RowKernels& row_kernels();

}  // namespace cvstroom::index
