// Loops over bitsets: the plain code, compiled for each kind of machine that makes a difference (with AVX2, with an
// instruction that counts bits, any) and chosen by the processor's features when the program starts.
#pragma once

#include <cstdint>
#include <span>

namespace cvstroom::search {

using Words = std::span<std::uint64_t>;
using ConstWords = std::span<const std::uint64_t>;

void assign_and(Words out, ConstWords a, ConstWords b);  // out = a & b
void and_into(Words out, ConstWords other);              // out &= other
void and_not_into(Words out, ConstWords other);          // out &= ~other
void or_into(Words out, ConstWords other);               // out |= other
void or_not_into(Words out, ConstWords other);           // out |= ~other
std::uint64_t count_ones(ConstWords words);

// Drops whole words from the end while their bits are among the last `skip`, which it lowers; returns the words that
// are left.
std::size_t skip_back(ConstWords words, std::uint64_t& skip);

}  // namespace cvstroom::search
