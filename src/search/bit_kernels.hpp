// Loops over bitsets, in one version for every kind of machine that counts: the plain code, compiled for each and chosen
// when the program starts. Spans of one call are equally long.
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

}  // namespace cvstroom::search
