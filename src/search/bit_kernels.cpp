#include "search/bit_kernels.hpp"

#include <array>
#include <bit>

#include "search/bit_kernels_x86.hpp"

namespace cvstroom::search {
namespace {

constexpr std::size_t step = 8;  // what every form takes at a time

template <bool stores>
std::uint64_t intersect_portable(const BitSets& sets, std::size_t words, std::uint64_t* out) {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < words; ++i) {
        std::uint64_t word = sets.all[0][i];
        for (std::size_t set = 1; set < sets.all.size(); ++set) word &= sets.all[set][i];
        for (const auto* set : sets.none) word &= ~set[i];
        if constexpr (stores) out[i] = word;
        count += static_cast<std::uint64_t>(std::popcount(word));
    }
    return count;
}

std::uint64_t count_portable(const BitSets& sets, std::size_t words) {
    return intersect_portable<false>(sets, words, nullptr);
}

void unite_portable(std::span<const std::uint64_t* const> sets, std::size_t words, std::uint64_t* out) {
    for (std::size_t i = 0; i < words; ++i) {
        std::uint64_t word = sets[0][i];
        for (std::size_t set = 1; set < sets.size(); ++set) word |= sets[set][i];
        out[i] = word;
    }
}

// Without a branch: whether a row stays is not to be predicted.
template <std::uint64_t wanted>
std::size_t keep_portable(const std::uint64_t* words, std::uint32_t mask, const std::uint32_t* rows, std::size_t count,
                          std::uint32_t* out) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t row = rows[i];
        const std::uint32_t at = row & mask;
        out[kept] = row;
        kept += ((words[at / 64] >> (at % 64)) & 1U) == wanted ? 1 : 0;
    }
    return kept;
}

struct Available {
    std::array<const BitKernels*, 3> forms{&portable_kernels};
    std::size_t count = 1;

    Available() {
        if (const auto* avx2 = avx2_kernels()) forms[count++] = avx2;
        if (const auto* avx512 = avx512_kernels()) forms[count++] = avx512;
    }
};

const Available& available() {
    static const Available found;
    return found;
}

}  // namespace

const BitKernels portable_kernels{"portable",     count_portable,   intersect_portable<true>,
                                  unite_portable, keep_portable<1>, keep_portable<0>};

std::span<const BitKernels* const> available_kernels() {
    return std::span(available().forms).first(available().count);
}

const BitKernels& kernels() {
    static const BitKernels& fastest = *available_kernels().back();
    return fastest;
}

void and_into(Words out, ConstWords other) {
    const std::size_t whole = out.size() / step * step;
    const std::array all{static_cast<const std::uint64_t*>(out.data()), other.data()};
    kernels().intersect({all, {}}, whole, out.data());
    for (std::size_t i = whole; i < out.size(); ++i) out[i] &= other[i];
}

void and_not_into(Words out, ConstWords other) {
    const std::size_t whole = out.size() / step * step;
    const std::array all{static_cast<const std::uint64_t*>(out.data())};
    const std::array none{other.data()};
    kernels().intersect({all, none}, whole, out.data());
    for (std::size_t i = whole; i < out.size(); ++i) out[i] &= ~other[i];
}

void or_into(Words out, ConstWords other) {
    const std::size_t whole = out.size() / step * step;
    const std::array sets{static_cast<const std::uint64_t*>(out.data()), other.data()};
    kernels().unite(sets, whole, out.data());
    for (std::size_t i = whole; i < out.size(); ++i) out[i] |= other[i];
}

}  // namespace cvstroom::search
