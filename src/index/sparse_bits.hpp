// A bitset of which the bytes that are 0 are left out: for words that one row in some tens has, it is as small as a
// list of differences, and becomes a bitset as fast as memory is read.
//
// The form, in bytes, little-endian, at any alignment; of a segment of n rows there are m = ceil(n / 512) masks:
//   offsets  4 for each 8 masks (4,096 rows): how many bytes of data come before theirs;
//   masks    8 each: bit b stands for the eight rows from 512 * mask + 8 * b on, and is 1 when any of them is in the
//            set;
//   data     a byte for each such bit, in order: bit r % 8 of it stands for row r.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "index/posting.hpp"
#include "index/row_kernels.hpp"

namespace cvstroom::index {

// A view; what it looks at must outlive it, with bytes_read_past bytes more. Thread-safe.
class SparseBits {
  public:
    static constexpr Row byte_rows = 8;
    static constexpr Row mask_rows = 512;
    static constexpr std::size_t group_masks = 8;
    static constexpr Row group_rows = mask_rows * group_masks;

    static constexpr std::size_t masks_for(Row segment_size) {
        return (std::size_t{segment_size} + mask_rows - 1) / mask_rows;
    }
    static constexpr std::size_t groups_for(Row segment_size) {
        return (masks_for(segment_size) + group_masks - 1) / group_masks;
    }
    // The bytes before the data.
    static constexpr std::size_t head_bytes(Row segment_size) {
        return groups_for(segment_size) * sizeof(std::uint32_t) + masks_for(segment_size) * sizeof(std::uint64_t);
    }

    SparseBits() = default;
    SparseBits(const std::uint8_t* bytes, Row segment_size)
        : offsets_(bytes),
          masks_(bytes + groups_for(segment_size) * sizeof(std::uint32_t)),
          data_(bytes + head_bytes(segment_size)),
          mask_count_(masks_for(segment_size)) {}

    std::uint64_t mask(std::size_t index) const { return load<std::uint64_t>(masks_ + index * sizeof(std::uint64_t)); }
    std::uint32_t offset(std::size_t group) const { return load<std::uint32_t>(offsets_ + group * sizeof(Row)); }
    const std::uint8_t* data() const { return data_; }

    // Or-s the rows of a container into its words; in the last one of a segment, those that it has.
    void add_to(std::size_t container, std::uint64_t* words) const {
        constexpr std::size_t in_container = container_rows / mask_rows;
        const std::size_t first = container * in_container;
        const std::size_t count = mask_count_ - first < in_container ? mask_count_ - first : in_container;
        row_kernels().expand(masks_ + first * sizeof(std::uint64_t), count, data_ + offset(first / group_masks), words);
    }

    bool contains(Row row) const {
        const std::size_t index = row / mask_rows;
        const std::uint64_t bit = std::uint64_t{1} << (row % mask_rows / byte_rows);
        const std::uint64_t own = mask(index);
        if ((own & bit) == 0) return false;
        std::size_t at = offset(index / group_masks);
        for (std::size_t before = index / group_masks * group_masks; before < index; ++before) {
            at += static_cast<std::size_t>(std::popcount(mask(before)));
        }
        at += static_cast<std::size_t>(std::popcount(own & (bit - 1)));
        return (data_[at] >> (row % byte_rows) & 1U) != 0;
    }

    // Marks in `marks` (one a row of `rows`) the rows that are in the set: or-ed into marks[i], 1 for yes.
    void mark(std::span<const Row> rows, std::uint8_t* marks) const {
        for (std::size_t i = 0; i < rows.size(); ++i) marks[i] |= static_cast<std::uint8_t>(contains(rows[i]));
    }

    // Calls visit(row) for each row, ascending.
    template <typename Visit>
    void each(const Visit& visit) const {
        const std::uint8_t* data = data_;
        for (std::size_t index = 0; index < mask_count_; ++index) {
            for (std::uint64_t left = mask(index); left != 0; left &= left - 1) {
                const Row base =
                    static_cast<Row>(index) * mask_rows + static_cast<Row>(std::countr_zero(left)) * byte_rows;
                for (unsigned byte = *data++; byte != 0; byte &= byte - 1) {
                    visit(base + static_cast<Row>(std::countr_zero(byte)));
                }
            }
        }
    }

  private:
    template <typename T>
    static T load(const std::uint8_t* bytes) {
        T value;
        std::memcpy(&value, bytes, sizeof value);
        return value;
    }

    const std::uint8_t* offsets_ = nullptr;
    const std::uint8_t* masks_ = nullptr;
    const std::uint8_t* data_ = nullptr;
    std::size_t mask_count_ = 0;
};

}  // namespace cvstroom::index
