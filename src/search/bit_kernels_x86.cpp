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

// Sixteen rows at a time. Those of the step are read before what is kept of them is written, so `out` may be `rows`; a
// whole vector is written each time, of which the next step overwrites the rest.
template <bool wants_members>
CVSTROOM_AVX512 std::size_t keep_avx512(const std::uint64_t* words, std::uint32_t mask, const std::uint32_t* rows,
                                        std::size_t count, std::uint32_t* out) {
    const __m512i masks = _mm512_set1_epi32(static_cast<int>(mask));
    const __m512i bit_of_word = _mm512_set1_epi32(31);
    const __m512i one = _mm512_set1_epi32(1);
    std::size_t kept = 0;
    std::size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        const __m512i some = _mm512_loadu_si512(rows + i);
        const __m512i at = _mm512_and_si512(some, masks);
        const __m512i found = _mm512_i32gather_epi32(_mm512_srli_epi32(at, 5), words, 4);
        const __m512i bits = _mm512_sllv_epi32(one, _mm512_and_si512(at, bit_of_word));
        const __mmask16 keep =
            wants_members ? _mm512_test_epi32_mask(found, bits) : _mm512_testn_epi32_mask(found, bits);
        _mm512_storeu_si512(out + kept, _mm512_maskz_compress_epi32(keep, some));
        kept += static_cast<std::size_t>(__builtin_popcount(keep));
    }
    const auto keep_rest = wants_members ? portable_kernels.keep_members : portable_kernels.drop_members;
    return kept + keep_rest(words, mask, rows + i, count - i, out + kept);
}

BitKernels avx2_forms() {
    BitKernels forms = portable_kernels;
    forms.name = "AVX2";
    forms.count = count_avx2;
    forms.intersect = intersect_avx2<true>;
    forms.unite = unite_avx2;
    return forms;
}

constexpr BitKernels avx512_forms{"AVX-512",    count_avx512,      intersect_avx512<true>,
                                  unite_avx512, keep_avx512<true>, keep_avx512<false>};

}  // namespace

const BitKernels* avx2_kernels() {
    static const BitKernels forms = avx2_forms();
    return __builtin_cpu_supports("avx2") ? &forms : nullptr;
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
