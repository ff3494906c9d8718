// The rows of a segment that have a word, as small as they get: free text has some fifty words a CV.
//
// Three forms, chosen by how many rows there are. A word that more than one row in dense_text_ratio has is a bitset;
// one that more than one in sparse_text_ratio has, a bitset without the bytes that are 0; another is a list of packed
// differences (index/sparse_bits.hpp, index/packed_rows.hpp).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/packed_rows.hpp"
#include "index/posting.hpp"
#include "index/sparse_bits.hpp"

namespace cvstroom::index {

enum class TextForm : std::uint8_t { bits, sparse, packed };

inline constexpr std::uint64_t dense_text_ratio = 16;
inline constexpr std::uint64_t sparse_text_ratio = 64;
constexpr TextForm form_of_text(Row rows, Row segment_size) {
    if (rows * dense_text_ratio > segment_size) return TextForm::bits;
    // In small segments what stands before the data of sparse bits is too much.
    const bool is_sparse = rows * sparse_text_ratio > segment_size && segment_size >= SparseBits::group_rows;
    return is_sparse ? TextForm::sparse : TextForm::packed;
}

// A view into a TextSegment, which must outlive it. Thread-safe.
class TextRows {
  public:
    TextRows() = default;  // no rows
    TextRows(Row size, std::span<const std::uint64_t> words) : form_(TextForm::bits), size_(size), words_(words) {}
    TextRows(Row size, SparseBits sparse) : form_(TextForm::sparse), size_(size), sparse_(sparse) {}
    explicit TextRows(PackedRows packed) : size_(packed.size()), packed_(packed) {}

    Row size() const { return size_; }
    TextForm form() const { return form_; }

    // Each only of that form.
    std::span<const std::uint64_t> words() const { return words_; }  // bit r % 64 of word r / 64 stands for row r
    const SparseBits& sparse() const { return sparse_; }
    const PackedRows& packed() const { return packed_; }

    // Calls visit(row) for each row, ascending.
    template <typename Visit>
    void each(const Visit& visit) const {
        if (form_ == TextForm::bits) return each_bit(words_, visit);
        if (form_ == TextForm::sparse) return sparse_.each(visit);
        packed_.each(visit);
    }

    // Appends all rows, ascending.
    void append_to(std::vector<Row>& rows) const;

    // Or-s the rows of a container into its words.
    void add_to(std::size_t container, std::uint64_t* words) const;

    // Marks in `marks` (one a row of `rows`) the rows that are in the set: or-ed into marks[i], 1 for yes. Pre: `rows`
    // ascends. For few rows: each may cost the reading of a block.
    void mark(std::span<const Row> rows, std::uint8_t* marks) const;

  private:
    TextForm form_ = TextForm::packed;
    Row size_ = 0;
    std::span<const std::uint64_t> words_;
    SparseBits sparse_;
    PackedRows packed_;
};

}  // namespace cvstroom::index
