// The rows of a segment that have a word, as small as they get: free text has some fifty words a CV.
//
// Two forms, chosen by how many rows there are. A word that more than one row in dense_text_ratio has is a bitset.
// Another is a list of differences between rows, in blocks: each block but the first has an entry in a skip table, by
// which a search passes over the blocks that it does not need.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/posting.hpp"

namespace cvstroom::index {

inline constexpr std::uint64_t dense_text_ratio = 16;
constexpr bool is_dense_text(Row rows, Row segment_size) {
    return rows * dense_text_ratio > segment_size;
}

inline constexpr Row text_block = 128;

// Where block 1, 2, … of a list begins: its first row, and where the differences that follow it stand.
struct TextSkip {
    Row first;
    std::uint32_t offset;
};

// A view into a TextSegment, which must outlive it. Thread-safe.
class TextRows {
  public:
    TextRows() = default;  // no rows
    TextRows(Row size, std::span<const std::uint64_t> words) : size_(size), words_(words) {}
    // `bytes` is where block 0 stands, with its first row before its differences; TextSkip::offset counts from there.
    TextRows(Row size, const std::uint8_t* bytes, std::span<const TextSkip> skips)
        : size_(size), bytes_(bytes), skips_(skips) {}

    Row size() const { return size_; }
    bool is_dense() const { return !words_.empty(); }
    // Pre: is_dense(). Bit r % 64 of word r / 64 stands for row r.
    std::span<const std::uint64_t> words() const { return words_; }

    // Appends all rows, ascending.
    void append_to(std::vector<Row>& rows) const;

    // Calls visit(row) for each row, ascending.
    template <typename Visit>
    void each(const Visit& visit) const;

    // Marks in `marks` (one a row of `rows`) the rows that are in the set. Pre: `rows` ascends.
    void mark(std::span<const Row> rows, std::span<std::uint8_t> marks) const;

  private:
    std::size_t blocks() const { return skips_.size() + 1; }
    Row block_size(std::size_t block) const {
        return block + 1 < blocks() ? text_block : size_ - static_cast<Row>(block) * text_block;
    }
    Row* read_block(std::size_t block, Row* out) const;
    std::size_t block_of(Row row, std::size_t from) const;

    Row size_ = 0;
    std::span<const std::uint64_t> words_;
    const std::uint8_t* bytes_ = nullptr;
    std::span<const TextSkip> skips_;
};

template <typename Visit>
void TextRows::each(const Visit& visit) const {
    if (is_dense()) return each_bit(words_, visit);
    if (size_ == 0) return;
    Row buffer[text_block];
    for (std::size_t block = 0; block < blocks(); ++block) {
        const Row* end = read_block(block, buffer);
        for (const Row* row = buffer; row != end; ++row) visit(*row);
    }
}

}  // namespace cvstroom::index
