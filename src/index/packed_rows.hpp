// An ascending list of rows as the differences between them, in blocks of 128 rows in each of which every difference
// takes as many bits as the greatest one needs (frame of reference).
//
// The form: the first row (4 bytes, little-endian); then for each block 1 byte, the number of bits w (0 to 32), and its
// differences but the first row's, each less one, in w bits, the first in the lowest bits of the first byte, filled up
// to whole bytes. Beside it, in a table of its own, the first row of each block but the first with the place of its
// byte w, by which a search passes over the blocks that it does not need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/posting.hpp"
#include "index/row_kernels.hpp"

namespace cvstroom::index {

inline constexpr Row packed_block = 128;

// Where block 1, 2, … of a list begins: its first row, and its byte w, counted from the list's beginning.
struct PackedSkip {
    Row first;
    std::uint32_t offset;
};

// Room for a block's rows.
using PackedBlockRows = Row[packed_block + rows_written_past];

// A view; what it looks at must outlive it, with bytes_read_past bytes more. Thread-safe.
class PackedRows {
  public:
    static constexpr std::size_t first_row_bytes = 4;
    // What the differences of a block of `rows` rows take, without the byte w.
    static constexpr std::size_t block_bytes(Row rows, unsigned width) {
        return (std::size_t{rows - 1} * width + 7) / 8;
    }
    static constexpr std::size_t blocks_for(Row size) { return (std::size_t{size} + packed_block - 1) / packed_block; }

    PackedRows() = default;  // no rows
    // skips.size() + 1 == blocks_for(size).
    PackedRows(Row size, const std::uint8_t* bytes, std::span<const PackedSkip> skips)
        : size_(size), bytes_(bytes), skips_(skips) {}

    Row size() const { return size_; }
    std::size_t blocks() const { return blocks_for(size_); }
    Row block_size(std::size_t block) const {
        return block + 1 < blocks() ? packed_block : size_ - static_cast<Row>(block) * packed_block;
    }
    Row first_of(std::size_t block) const;

    // Writes the block's rows, and as many as rows_written_past after them; returns the end of the rows.
    Row* read_block(std::size_t block, Row* out) const;

    // Appends all rows, ascending.
    void append_to(std::vector<Row>& rows) const;

    // Marks in `marks` (one a row of `rows`) the rows that are in the list: or-ed into marks[i], 1 for yes. Pre: `rows`
    // ascends. For few rows: each may cost the reading of a block.
    void mark(std::span<const Row> rows, std::uint8_t* marks) const;

    // The last block, from `from` on, that begins at or before `row`; `from` when none does.
    std::size_t block_of(Row row, std::size_t from) const;

    // In how many blocks the rows of a container stand, or one where there are none.
    std::size_t blocks_in(std::size_t container) const {
        const auto begin = static_cast<Row>(container * container_rows);
        const std::size_t first = block_of(begin, 0);
        return block_of(begin + (container_rows - 1), first) - first + 1;
    }

    // Calls visit(row) for each row, ascending.
    template <typename Visit>
    void each(const Visit& visit) const {
        PackedBlockRows rows;
        for (std::size_t block = 0; block < blocks(); ++block) {
            const Row* end = read_block(block, rows);
            for (const Row* row = rows; row != end; ++row) visit(*row);
        }
    }

    // Calls visit(row % container_rows) for each row of the container, ascending; returns whether there are any.
    template <typename Visit>
    bool each_in(std::size_t container, const Visit& visit) const {
        if (size_ == 0) return false;
        const auto begin = static_cast<Row>(container * container_rows);
        const Row last = begin + (container_rows - 1);
        bool has_any = false;
        PackedBlockRows rows;
        for (std::size_t block = block_of(begin, 0); block < blocks() && first_of(block) <= last; ++block) {
            const Row* end = read_block(block, rows);
            const Row* row = rows;
            while (row != end && *row < begin) ++row;
            while (end != row && end[-1] > last) --end;
            has_any |= row != end;
            for (; row != end; ++row) visit(*row - begin);
        }
        return has_any;
    }

  private:
    Row size_ = 0;
    const std::uint8_t* bytes_ = nullptr;
    std::span<const PackedSkip> skips_;
};

// Writes the differences of a block, each less one, in `width` bits; returns the place after them. `out` is all 0, and
// has block_bytes() bytes.
std::uint8_t* pack(std::span<const std::uint32_t> differences, unsigned width, std::uint8_t* out);

}  // namespace cvstroom::index
