// Writes the rows of a segment's words in the forms of index/text_rows.hpp, while the texts are gone through row by
// row: once to measure, once to write.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/text_rows.hpp"

namespace cvstroom::index {

// Where each word's rows will stand. Used by one thread.
class WordRowsPlan {
  public:
    WordRowsPlan(std::size_t words, Row segment_size) : segment_size_(segment_size), measures_(words), places_(words) {}

    // The word's next row; ascending.
    void add(Row row, std::uint32_t word);

    // When all rows were added, once.
    void finish();

    struct Place {
        Row rows = 0;
        std::uint32_t offset = 0;  // of its bytes, or of its bitset's words
        std::uint32_t skips = 0;   // the first
        TextForm form{};
    };
    const Place& place_of(std::uint32_t word) const { return places_[word]; }
    std::size_t words() const { return places_.size(); }
    std::size_t bit_words() const { return bit_words_; }
    std::size_t bytes() const { return bytes_; }
    std::size_t skips() const { return skips_; }

  private:
    struct Measure {
        Row rows = 0;
        Row last = 0;
        std::uint32_t greatest = 0;       // difference of the block at hand, less one
        std::uint32_t packed_bytes = 0;   // of the blocks before
        std::uint32_t nonzero_bytes = 0;  // of the bitset
    };
    std::uint32_t bytes_of(const Measure& measure, TextForm form) const;

    Row segment_size_;
    std::vector<Measure> measures_;
    std::vector<Place> places_;
    std::uint32_t bit_words_ = 0;
    std::uint32_t bytes_ = 0;
    std::uint32_t skips_ = 0;
};

// Fills arrays that are as long as the plan says, and all 0. Used by one thread.
class WordRowsWriter {
  public:
    WordRowsWriter(const WordRowsPlan& plan, Row segment_size, std::span<std::uint64_t> bits,
                   std::span<std::uint8_t> bytes, std::span<PackedSkip> skips);

    // As WordRowsPlan::add(), with the same rows.
    void add(Row row, std::uint32_t word);
    void finish();

  private:
    struct Cursor {
        std::uint8_t* out = nullptr;    // packed: where the block at hand goes; sparse: after the last byte of the data
        std::uint32_t differences = 0;  // where they begin, of the block at hand
        Row written = 0;
        Row last = 0;
    };
    void add_packed(Row row, const WordRowsPlan::Place& place, Cursor& cursor);
    void add_sparse(Row row, const WordRowsPlan::Place& place, Cursor& cursor);
    void write_block(Row rows, Cursor& cursor);
    void write_offsets(const WordRowsPlan::Place& place);

    const WordRowsPlan& plan_;
    Row segment_size_;
    std::span<std::uint64_t> bits_;
    std::span<std::uint8_t> bytes_;
    std::span<PackedSkip> skips_;
    std::vector<Cursor> cursors_;
    std::vector<std::uint32_t> differences_;  // less one; of each packed word's block at hand
};

}  // namespace cvstroom::index
