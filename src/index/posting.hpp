// The rows of a segment that have something in common: a term, or being dead.
//
// Two forms (DESIGN 3): a plain bitset where more than one row in 32 is in the set, so that sets combine word by word;
// a Roaring bitmap otherwise, which is small and quick to walk.
#pragma once

#include <cstdint>
#include <roaring/roaring.hh>
#include <span>
#include <variant>
#include <vector>

#include "index/extension.hpp"

namespace cvstroom::index {

// Debian 12 ships CRoaring 0.2, which has its class in the global namespace.
using RowSet = ::Roaring;

inline constexpr std::uint32_t word_bits = 64;
constexpr std::size_t words_for(Row rows) {
    return (std::size_t{rows} + word_bits - 1) / word_bits;
}

// Immutable once made; shared freely between threads.
class Posting {
  public:
    Posting() = default;  // no rows
    // `ascending` without repetition, each below `segment_size`.
    Posting(std::span<const Row> ascending, Row segment_size);

    // This set and `more` (in any order), for a segment of the same size.
    Posting with(std::span<const Row> more, Row segment_size) const;

    std::uint32_t size() const { return size_; }
    bool is_empty() const { return size_ == 0; }
    bool is_dense() const { return std::holds_alternative<Words>(rows_); }
    bool contains(Row row) const {
        if (const auto* words = std::get_if<Words>(&rows_))
            return ((*words)[row / word_bits] >> (row % word_bits)) & 1U;
        return std::get<RowSet>(rows_).contains(row);
    }

    // Bit r % 64 of word r / 64 stands for row r; bits past the segment's size are 0. Pre: is_dense().
    std::span<const std::uint64_t> words() const { return std::get<Words>(rows_); }

    // Appends all rows, ascending.
    void append_to(std::vector<Row>& rows) const;

    std::size_t bytes() const;

  private:
    using Words = std::vector<std::uint64_t>;

    std::variant<RowSet, Words> rows_;
    std::uint32_t size_ = 0;
};

}  // namespace cvstroom::index
