#include "index/packed_column.hpp"

#include <algorithm>
#include <bit>

namespace cvstroom::index {
namespace {

void put(std::uint64_t value, std::size_t bit, std::uint32_t width, std::uint64_t* words) {
    const std::size_t shift = bit % 64;
    words[bit / 64] |= value << shift;
    if (shift + width > 64) words[bit / 64 + 1] |= value >> (64 - shift);
}

}  // namespace

std::size_t PackedColumn::lower_bound(std::uint64_t value, std::size_t rows) const {
    const auto after = std::partition_point(blocks_.begin(), blocks_.end(),
                                            [value](const PackedBlock& block) { return block.base < value; });
    if (after == blocks_.begin()) return 0;
    std::size_t first = static_cast<std::size_t>(after - blocks_.begin() - 1) * packed_block_rows;
    std::size_t last = std::min(first + packed_block_rows, rows);
    while (first < last) {
        const std::size_t middle = first + (last - first) / 2;
        if ((*this)[middle] < value) {
            first = middle + 1;
        } else {
            last = middle;
        }
    }
    return first;
}

bool PackedColumn::is_sound(std::size_t rows) const {
    if (blocks_.size() != (rows + packed_block_rows - 1) / packed_block_rows) return false;
    return std::all_of(blocks_.begin(), blocks_.end(), [this](const PackedBlock& block) {
        return block.width <= 64 && block.first_word + std::uint64_t{2} * block.width <= words_.size();
    });
}

PackedValues pack(std::span<const std::uint64_t> values) {
    PackedValues packed;
    for (std::size_t first = 0; first < values.size(); first += packed_block_rows) {
        const auto block = values.subspan(first, std::min(packed_block_rows, values.size() - first));
        const auto [least, most] = std::minmax_element(block.begin(), block.end());
        const auto width = static_cast<std::uint32_t>(std::bit_width(*most - *least));
        packed.blocks.push_back({*least, static_cast<std::uint32_t>(packed.words.size()), width});
        packed.words.resize(packed.words.size() + std::size_t{2} * width, 0);
        std::uint64_t* words = packed.words.data() + packed.blocks.back().first_word;
        if (width == 0) continue;
        for (std::size_t i = 0; i < block.size(); ++i) put(block[i] - *least, i * width, width, words);
    }
    return packed;
}

}  // namespace cvstroom::index
