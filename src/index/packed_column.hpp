// Numbers of the rows of a segment, as few bits each as the spread of every 128 neighbours needs. Any one is read in
// constant time. Sequence numbers, instants and versions of neighbours are near each other.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace cvstroom::index {

// The rows [128 b, 128 b + 128) of block b: base + the width bits of each, from `first_word` on, 2 * width words long.
struct PackedBlock {
    std::uint64_t base;
    std::uint32_t first_word;
    std::uint32_t width;  // 0 to 64
};
static_assert(sizeof(PackedBlock) == 16);

inline constexpr std::size_t packed_block_rows = 128;

// A view: whoever holds the bytes owns them.
class PackedColumn {
  public:
    PackedColumn() = default;
    PackedColumn(std::span<const PackedBlock> blocks, std::span<const std::uint64_t> words)
        : blocks_(blocks), words_(words) {}

    std::uint64_t operator[](std::size_t row) const {
        const PackedBlock& block = blocks_[row / packed_block_rows];
        if (block.width == 0) return block.base;
        const std::size_t bit = row % packed_block_rows * block.width;
        const std::uint64_t* word = words_.data() + block.first_word + bit / 64;
        const std::size_t shift = bit % 64;
        std::uint64_t value = word[0] >> shift;
        if (shift + block.width > 64) value |= word[1] << (64 - shift);
        return block.base + (block.width == 64 ? value : value & ((std::uint64_t{1} << block.width) - 1));
    }

    // Ask the processor for what reading the row will need: first its block, then, once that is there, its words.
    void prefetch_block(std::size_t row) const { __builtin_prefetch(&blocks_[row / packed_block_rows]); }
    void prefetch_words(std::size_t row) const {
        const PackedBlock& block = blocks_[row / packed_block_rows];
        if (block.width == 0) return;
        __builtin_prefetch(words_.data() + block.first_word + row % packed_block_rows * block.width / 64);
    }

    // The first of `rows` rows whose value is >= `value`; `rows` when there is none. Pre: values ascend. O(log rows).
    std::size_t lower_bound(std::uint64_t value, std::size_t rows) const;

    // False when some block points outside of the words: then nothing may be read.
    bool is_sound(std::size_t rows) const;

  private:
    std::span<const PackedBlock> blocks_;
    std::span<const std::uint64_t> words_;
};

// The packed form of `values`.
struct PackedValues {
    std::vector<PackedBlock> blocks;
    std::vector<std::uint64_t> words;
};
PackedValues pack(std::span<const std::uint64_t> values);

}  // namespace cvstroom::index
