#include "index/packed_rows.hpp"

#include <algorithm>
#include <cstring>

namespace cvstroom::index {

Row PackedRows::first_of(std::size_t block) const {
    if (block > 0) return skips_[block - 1].first;
    Row first;
    std::memcpy(&first, bytes_, sizeof first);
    return first;
}

Row* PackedRows::read_block(std::size_t block, Row* out) const {
    const std::uint8_t* in = bytes_ + (block == 0 ? first_row_bytes : skips_[block - 1].offset);
    const Row first = first_of(block);
    const Row size = block_size(block);
    out[0] = first;
    row_kernels().unpack(in + 1, *in, first, out + 1, size - 1);
    return out + size;
}

std::size_t PackedRows::block_of(Row row, std::size_t from) const {
    const auto first = skips_.begin() + static_cast<std::ptrdiff_t>(from);
    const auto after = std::upper_bound(first, skips_.end(), row,
                                        [](Row wanted, const PackedSkip& skip) { return wanted < skip.first; });
    return static_cast<std::size_t>(after - skips_.begin());
}

void PackedRows::append_to(std::vector<Row>& rows) const {
    const std::size_t before = rows.size();
    rows.resize(before + size_ + rows_written_past);
    Row* out = rows.data() + before;
    for (std::size_t block = 0; block < blocks(); ++block) out = read_block(block, out);
    rows.resize(before + size_);
}

void PackedRows::mark(std::span<const Row> rows, std::uint8_t* marks) const {
    if (size_ == 0) return;
    PackedBlockRows buffer;
    const Row* at = buffer;
    const Row* end = buffer;
    std::size_t block = 0;
    bool has_block = false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!has_block || rows[i] > end[-1]) {
            const std::size_t wanted = block_of(rows[i], block);
            if (has_block && wanted == block) continue;  // between this block's end and the next one's begin
            block = wanted;
            has_block = true;
            end = read_block(block, buffer);
            at = buffer;
        }
        at = std::lower_bound(at, end, rows[i]);
        if (at != end && *at == rows[i]) marks[i] = 1;
        if (at == end) at = end - 1;
    }
}

std::uint8_t* pack(std::span<const std::uint32_t> differences, unsigned width, std::uint8_t* out) {
    std::size_t bit = 0;
    for (const std::uint64_t difference : differences) {
        const std::uint64_t shifted = difference << (bit % 8);
        const std::size_t bytes = (bit % 8 + width + 7) / 8;
        for (std::size_t byte = 0; byte < bytes; ++byte) {
            out[bit / 8 + byte] = static_cast<std::uint8_t>(out[bit / 8 + byte] | (shifted >> (8 * byte)));
        }
        bit += width;
    }
    return out + (bit + 7) / 8;
}

}  // namespace cvstroom::index
