#include "search/bit_kernels_x86.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

// Only the functions marked so use these instructions: the rest of the program runs on any x86-64.
#define CVSTROOM_AVX2 __attribute__((target("avx2")))
#define CVSTROOM_AVX512 __attribute__((target("avx512f,avx512vpopcntdq")))

namespace cvstroom::search {
namespace {

CVSTROOM_AVX2 inline __m256i load4(const std::uint64_t* words) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
}

// The ones in each of four words: by table, four bits at a time (Muła, Kurz, Lemire, "Faster population counts using
// AVX2 instructions", 2018).
CVSTROOM_AVX2 inline __m256i count4(__m256i words) {
    const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2,
                                           2, 3, 2, 3, 3, 4);
    const __m256i half = _mm256_set1_epi8(0x0F);
    const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(words, half));
    const __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(words, 4), half));
    return _mm256_sad_epu8(_mm256_add_epi8(low, high), _mm256_setzero_si256());
}

template <bool stores>
CVSTROOM_AVX2 std::uint64_t intersect_avx2(const BitSets& sets, std::size_t words, std::uint64_t* out) {
    __m256i counts = _mm256_setzero_si256();
    for (std::size_t i = 0; i < words; i += 8) {
        __m256i a = load4(sets.all[0] + i);
        __m256i b = load4(sets.all[0] + i + 4);
        for (std::size_t set = 1; set < sets.all.size(); ++set) {
            a = _mm256_and_si256(a, load4(sets.all[set] + i));
            b = _mm256_and_si256(b, load4(sets.all[set] + i + 4));
        }
        for (std::size_t set = 0; set < sets.none.size(); ++set) {
            a = _mm256_andnot_si256(load4(sets.none[set] + i), a);
            b = _mm256_andnot_si256(load4(sets.none[set] + i + 4), b);
        }
        if constexpr (stores) {
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i), a);
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i + 4), b);
        }
        counts = _mm256_add_epi64(counts, _mm256_add_epi64(count4(a), count4(b)));
    }
    const __m128i pair = _mm_add_epi64(_mm256_castsi256_si128(counts), _mm256_extracti128_si256(counts, 1));
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(pair)) + static_cast<std::uint64_t>(_mm_extract_epi64(pair, 1));
}

CVSTROOM_AVX2 std::uint64_t count_avx2(const BitSets& sets, std::size_t words) {
    return intersect_avx2<false>(sets, words, nullptr);
}

CVSTROOM_AVX2 void unite_avx2(std::span<const std::uint64_t* const> sets, std::size_t words, std::uint64_t* out) {
    for (std::size_t i = 0; i < words; i += 4) {
        __m256i a = load4(sets[0] + i);
        for (std::size_t set = 1; set < sets.size(); ++set) a = _mm256_or_si256(a, load4(sets[set] + i));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i), a);
    }
}

// Two cache lines a step, so that the loop over the sets costs less than the loads.
template <bool stores>
CVSTROOM_AVX512 std::uint64_t intersect_avx512(const BitSets& sets, std::size_t words, std::uint64_t* out) {
    __m512i counts_a = _mm512_setzero_si512();
    __m512i counts_b = _mm512_setzero_si512();
    std::size_t i = 0;
    for (; i + 16 <= words; i += 16) {
        __m512i a = _mm512_loadu_si512(sets.all[0] + i);
        __m512i b = _mm512_loadu_si512(sets.all[0] + i + 8);
        for (std::size_t set = 1; set < sets.all.size(); ++set) {
            a = _mm512_and_si512(a, _mm512_loadu_si512(sets.all[set] + i));
            b = _mm512_and_si512(b, _mm512_loadu_si512(sets.all[set] + i + 8));
        }
        for (std::size_t set = 0; set < sets.none.size(); ++set) {
            a = _mm512_andnot_si512(_mm512_loadu_si512(sets.none[set] + i), a);
            b = _mm512_andnot_si512(_mm512_loadu_si512(sets.none[set] + i + 8), b);
        }
        if constexpr (stores) {
            _mm512_storeu_si512(out + i, a);
            _mm512_storeu_si512(out + i + 8, b);
        }
        counts_a = _mm512_add_epi64(counts_a, _mm512_popcnt_epi64(a));
        counts_b = _mm512_add_epi64(counts_b, _mm512_popcnt_epi64(b));
    }
    if (i < words) {
        __m512i a = _mm512_loadu_si512(sets.all[0] + i);
        for (std::size_t set = 1; set < sets.all.size(); ++set) {
            a = _mm512_and_si512(a, _mm512_loadu_si512(sets.all[set] + i));
        }
        for (std::size_t set = 0; set < sets.none.size(); ++set) {
            a = _mm512_andnot_si512(_mm512_loadu_si512(sets.none[set] + i), a);
        }
        if constexpr (stores) _mm512_storeu_si512(out + i, a);
        counts_a = _mm512_add_epi64(counts_a, _mm512_popcnt_epi64(a));
    }
    return static_cast<std::uint64_t>(_mm512_reduce_add_epi64(_mm512_add_epi64(counts_a, counts_b)));
}

CVSTROOM_AVX512 std::uint64_t count_avx512(const BitSets& sets, std::size_t words) {
    return intersect_avx512<false>(sets, words, nullptr);
}

CVSTROOM_AVX512 void unite_avx512(std::span<const std::uint64_t* const> sets, std::size_t words, std::uint64_t* out) {
    for (std::size_t i = 0; i < words; i += 8) {
        __m512i a = _mm512_loadu_si512(sets[0] + i);
        for (std::size_t set = 1; set < sets.size(); ++set) a = _mm512_or_si512(a, _mm512_loadu_si512(sets[set] + i));
        _mm512_storeu_si512(out + i, a);
    }
}

constexpr BitKernels avx2_forms{"AVX2", count_avx2, intersect_avx2<true>, unite_avx2};
constexpr BitKernels avx512_forms{"AVX-512", count_avx512, intersect_avx512<true>, unite_avx512};

}  // namespace

const BitKernels* avx2_kernels() {
    return __builtin_cpu_supports("avx2") ? &avx2_forms : nullptr;
}

const BitKernels* avx512_kernels() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq") ? &avx512_forms : nullptr;
}

}  // namespace cvstroom::search

#else

namespace cvstroom::search {

const BitKernels* avx2_kernels() {
    return nullptr;
}

const BitKernels* avx512_kernels() {
    return nullptr;
}

}  // namespace cvstroom::search

#endif
