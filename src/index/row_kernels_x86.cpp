#include "index/row_kernels_x86.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <array>
#include <cstring>

// Only the functions marked so use these instructions: the rest of the program runs on any x86-64.
#define CVSTROOM_BMI2 __attribute__((target("bmi2,popcnt")))
#define CVSTROOM_AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt")))

namespace cvstroom::index {
namespace {

std::uint64_t load64(const std::uint8_t* bytes) {
    std::uint64_t value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

// Eight bytes at a time: their mask says where in the word the next bytes of the data go.
CVSTROOM_BMI2 void expand_bmi2(const std::uint8_t* masks, std::size_t count, const std::uint8_t* data,
                               std::uint64_t* words) {
    constexpr std::uint64_t lowest_bits = 0x0101'0101'0101'0101U;
    for (std::size_t i = 0; i < 8 * count; ++i) {
        const std::uint64_t mask = masks[i];
        words[i] |= _pdep_u64(load64(data), _pdep_u64(mask, lowest_bits) * 0xFF);
        data += _mm_popcnt_u64(mask);
    }
}

CVSTROOM_BMI2 std::size_t count_popcnt(const std::uint64_t* words, std::size_t size) {
    std::size_t ones = 0;
    for (std::size_t i = 0; i < size; ++i) ones += static_cast<std::size_t>(_mm_popcnt_u64(words[i]));
    return ones;
}

// A cache line at a time.
CVSTROOM_AVX512 void expand_avx512(const std::uint8_t* masks, std::size_t count, const std::uint8_t* data,
                                   std::uint64_t* words) {
    for (std::size_t i = 0; i < count; ++i, words += 8) {
        const std::uint64_t mask = load64(masks + 8 * i);
        const __m512i bytes = _mm512_maskz_expand_epi8(mask, _mm512_loadu_si512(data));
        _mm512_storeu_si512(words, _mm512_or_si512(bytes, _mm512_loadu_si512(words)));
        data += _mm_popcnt_u64(mask);
    }
}

// Sixteen numbers of `width` bits take 2 * width bytes, so each sixteen begin at a byte. Of those, number n is in four
// bytes that begin at n * width / 8, from bit n * width % 8 on, when it has at most 25 bits.
constexpr unsigned widest_in_four_bytes = 25;

struct Layout {
    std::array<std::uint8_t, 64> bytes;
    std::array<std::uint32_t, 16> shifts;
};

constexpr std::array<Layout, widest_in_four_bytes + 1> make_layouts() {
    std::array<Layout, widest_in_four_bytes + 1> layouts{};
    for (unsigned width = 0; width <= widest_in_four_bytes; ++width) {
        for (unsigned number = 0; number < 16; ++number) {
            for (unsigned byte = 0; byte < 4; ++byte) {
                layouts[width].bytes[4 * number + byte] = static_cast<std::uint8_t>(number * width / 8 + byte);
            }
            layouts[width].shifts[number] = number * width % 8;
        }
    }
    return layouts;
}

constexpr auto layouts = make_layouts();

// Adds to each number those before it.
CVSTROOM_AVX512 inline __m512i add_up(__m512i numbers) {
    const __m512i zero = _mm512_setzero_si512();
    numbers = _mm512_add_epi32(numbers, _mm512_alignr_epi32(numbers, zero, 15));
    numbers = _mm512_add_epi32(numbers, _mm512_alignr_epi32(numbers, zero, 14));
    numbers = _mm512_add_epi32(numbers, _mm512_alignr_epi32(numbers, zero, 12));
    return _mm512_add_epi32(numbers, _mm512_alignr_epi32(numbers, zero, 8));
}

CVSTROOM_AVX512 void unpack_avx512(const std::uint8_t* packed, unsigned width, Row before, Row* rows,
                                   std::size_t count) {
    if (width > widest_in_four_bytes) return portable_row_kernels.unpack(packed, width, before, rows, count);
    const __m512i bytes = _mm512_loadu_si512(layouts[width].bytes.data());
    const __m512i shifts = _mm512_loadu_si512(layouts[width].shifts.data());
    const __m512i mask = _mm512_set1_epi32(static_cast<int>((1U << width) - 1));
    const __m512i one = _mm512_set1_epi32(1);
    const __m512i last = _mm512_set1_epi32(15);
    __m512i base = _mm512_set1_epi32(static_cast<int>(before));
    for (std::size_t i = 0; i < count; i += 16, packed += 2 * width) {
        const __m512i found = _mm512_permutexvar_epi8(bytes, _mm512_loadu_si512(packed));
        const __m512i numbers = _mm512_and_si512(_mm512_srlv_epi32(found, shifts), mask);
        const __m512i sums = _mm512_add_epi32(add_up(_mm512_add_epi32(numbers, one)), base);
        _mm512_storeu_si512(rows + i, sums);
        base = _mm512_permutexvar_epi32(last, sums);
    }
}

constexpr RowKernels avx512_forms{"AVX-512", unpack_avx512, expand_avx512, count_popcnt};

}  // namespace

const RowKernels* bmi2_row_kernels() {
    static const RowKernels forms{"BMI2", portable_row_kernels.unpack, expand_bmi2, count_popcnt};
    return __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") ? &forms : nullptr;
}

const RowKernels* avx512_row_kernels() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2")
               ? &avx512_forms
               : nullptr;
}

}  // namespace cvstroom::index

#else

namespace cvstroom::index {

const RowKernels* bmi2_row_kernels() {
    return nullptr;
}

const RowKernels* avx512_row_kernels() {
    return nullptr;
}

}  // namespace cvstroom::index

#endif
