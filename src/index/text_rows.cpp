#include "index/text_rows.hpp"

#include <algorithm>
#include <cstring>

#include "index/varint.hpp"

namespace cvstroom::index {

Row* TextRows::read_block(std::size_t block, Row* out) const {
    const std::uint8_t* in = bytes_;
    Row row = 0;
    if (block == 0) {
        row = read_varint(in);
    } else {
        row = skips_[block - 1].first;
        in += skips_[block - 1].offset;
    }
    *out++ = row;
    Row left = block_size(block) - 1;
    // Most differences take one byte: eight of them are taken at once where all do.
    for (; left >= 8; left -= 8) {
        std::uint64_t eight;
        std::memcpy(&eight, in, sizeof eight);
        if ((eight & 0x8080'8080'8080'8080U) == 0) {
            for (unsigned shift = 0; shift < 64; shift += 8) *out++ = row += static_cast<Row>(eight >> shift & 0xFFU);
            in += 8;
        } else {
            for (int n = 0; n < 8; ++n) *out++ = row += read_varint(in);
        }
    }
    for (; left > 0; --left) {
        row += read_varint(in);
        *out++ = row;
    }
    return out;
}

// The last block, from `from` on, that begins at or before `row`.
std::size_t TextRows::block_of(Row row, std::size_t from) const {
    const auto first = skips_.begin() + static_cast<std::ptrdiff_t>(from);
    const auto after =
        std::upper_bound(first, skips_.end(), row, [](Row wanted, const TextSkip& skip) { return wanted < skip.first; });
    return static_cast<std::size_t>(after - skips_.begin());
}

void TextRows::append_to(std::vector<Row>& rows) const {
    const std::size_t before = rows.size();
    rows.resize(before + size_);
    Row* out = rows.data() + before;
    if (is_dense()) {
        each([&out](Row row) { *out++ = row; });
    } else if (size_ > 0) {
        for (std::size_t block = 0; block < blocks(); ++block) out = read_block(block, out);
    }
}

void TextRows::mark(std::span<const Row> rows, std::span<std::uint8_t> marks) const {
    if (is_dense()) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Row row = rows[i];
            marks[i] = static_cast<std::uint8_t>(marks[i] | ((words_[row / word_bits] >> (row % word_bits)) & 1U));
        }
        return;
    }
    if (size_ == 0) return;
    Row buffer[text_block];
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

}  // namespace cvstroom::index
