#include "index/row_kernels.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "index/row_kernels_x86.hpp"

namespace cvstroom::index {
namespace {

// Bytes are taken for the lower parts of words.
static_assert(std::endian::native == std::endian::little);

std::uint64_t load64(const std::uint8_t* bytes) {
    std::uint64_t value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

void unpack_portable(const std::uint8_t* packed, unsigned width, Row before, Row* rows, std::size_t count) {
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    std::size_t bit = 0;
    for (std::size_t i = 0; i < count; ++i, bit += width) {
        before += static_cast<Row>((load64(packed + bit / 8) >> (bit % 8)) & mask) + 1;
        rows[i] = before;
    }
}

void expand_portable(const std::uint8_t* masks, std::size_t count, const std::uint8_t* data, std::uint64_t* words) {
    for (std::size_t i = 0; i < count; ++i) {
        for (std::uint64_t mask = load64(masks + 8 * i); mask != 0; mask &= mask - 1) {
            const auto byte = static_cast<unsigned>(std::countr_zero(mask));
            words[8 * i + byte / 8] |= std::uint64_t{*data++} << (byte % 8 * 8);
        }
    }
}

std::size_t count_portable(const std::uint64_t* words, std::size_t size) {
    std::size_t ones = 0;
    for (std::size_t i = 0; i < size; ++i) ones += static_cast<std::size_t>(std::popcount(words[i]));
    return ones;
}

struct Available {
    std::array<const RowKernels*, 3> forms{&portable_row_kernels};
    std::size_t count = 1;

    Available() {
        if (const auto* bmi2 = bmi2_row_kernels()) forms[count++] = bmi2;
        if (const auto* avx512 = avx512_row_kernels()) forms[count++] = avx512;
    }
};

const Available& available() {
    static const Available found;
    return found;
}

}  // namespace

const RowKernels portable_row_kernels{"portable", unpack_portable, expand_portable, count_portable};

std::span<const RowKernels* const> available_row_kernels() {
    return std::span(available().forms).first(available().count);
}

const RowKernels& row_kernels() {
    static const RowKernels& fastest = *available_row_kernels().back();
    return fastest;
}

}  // namespace cvstroom::index
