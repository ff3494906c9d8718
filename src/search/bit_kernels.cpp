#include "search/bit_kernels.hpp"

#include <bit>

// The sanitizers instrument code that runs before they are set up when a function is chosen at start: they get one
// version.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define CVSTROOM_EVERY_MACHINE __attribute__((target_clones("avx2", "popcnt", "default")))
#else
#define CVSTROOM_EVERY_MACHINE
#endif

namespace cvstroom::search {

CVSTROOM_EVERY_MACHINE
void assign_and(Words out, ConstWords a, ConstWords b) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = a[i] & b[i];
}

CVSTROOM_EVERY_MACHINE
void and_into(Words out, ConstWords other) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] &= other[i];
}

CVSTROOM_EVERY_MACHINE
void and_not_into(Words out, ConstWords other) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] &= ~other[i];
}

CVSTROOM_EVERY_MACHINE
void or_into(Words out, ConstWords other) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] |= other[i];
}

CVSTROOM_EVERY_MACHINE
void or_not_into(Words out, ConstWords other) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] |= ~other[i];
}

CVSTROOM_EVERY_MACHINE
std::uint64_t count_ones(ConstWords words) {
    std::uint64_t count = 0;
    for (const std::uint64_t word : words) count += static_cast<std::uint64_t>(std::popcount(word));
    return count;
}

CVSTROOM_EVERY_MACHINE
std::size_t skip_back(ConstWords words, std::uint64_t& skip) {
    std::size_t left = words.size();
    for (; left > 0; --left) {
        const auto ones = static_cast<std::uint64_t>(std::popcount(words[left - 1]));
        if (ones > skip) break;
        skip -= ones;
    }
    return left;
}

}  // namespace cvstroom::search
