#include "index/word_rows_writer.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace cvstroom::index {
namespace {

constexpr std::size_t block_differences = packed_block - 1;

std::uint32_t packed_block_bytes(Row rows, std::uint32_t greatest) {
    return static_cast<std::uint32_t>(1 +
                                      PackedRows::block_bytes(rows, static_cast<unsigned>(std::bit_width(greatest))));
}

}  // namespace

void WordRowsPlan::add(Row row, std::uint32_t word) {
    Measure& measure = measures_[word];
    if (measure.rows == 0 || row / SparseBits::byte_rows != measure.last / SparseBits::byte_rows)
        ++measure.nonzero_bytes;
    if (measure.rows % packed_block != 0) {
        measure.greatest = std::max(measure.greatest, row - measure.last - 1);
    } else if (measure.rows > 0) {
        measure.packed_bytes += packed_block_bytes(packed_block, measure.greatest);
        measure.greatest = 0;
    }
    measure.last = row;
    ++measure.rows;
}

std::uint32_t WordRowsPlan::bytes_of(const Measure& measure, TextForm form) const {
    if (form == TextForm::sparse) {
        return static_cast<std::uint32_t>(SparseBits::head_bytes(segment_size_)) + measure.nonzero_bytes;
    }
    const Row in_last = (measure.rows - 1) % packed_block + 1;
    return static_cast<std::uint32_t>(PackedRows::first_row_bytes) + measure.packed_bytes +
           packed_block_bytes(in_last, measure.greatest);
}

void WordRowsPlan::finish() {
    for (std::size_t word = 0; word < places_.size(); ++word) {
        const Measure& measure = measures_[word];
        Place& place = places_[word];
        place.rows = measure.rows;
        place.form = form_of_text(measure.rows, segment_size_);
        place.skips = skips_;
        if (place.form == TextForm::bits) {
            place.offset = bit_words_;
            bit_words_ += static_cast<std::uint32_t>(words_for(segment_size_));
            continue;
        }
        place.offset = bytes_;
        bytes_ += bytes_of(measure, place.form);
        if (place.form == TextForm::packed) {
            skips_ += static_cast<std::uint32_t>(PackedRows::blocks_for(measure.rows)) - 1;
        }
    }
    measures_ = {};
}

WordRowsWriter::WordRowsWriter(const WordRowsPlan& plan, Row segment_size, std::span<std::uint64_t> bits,
                               std::span<std::uint8_t> bytes, std::span<PackedSkip> skips)
    : plan_(plan), segment_size_(segment_size), bits_(bits), bytes_(bytes), skips_(skips), cursors_(plan.words()) {
    std::size_t differences = 0;
    for (std::uint32_t word = 0; word < plan.words(); ++word) {
        const auto& place = plan.place_of(word);
        Cursor& cursor = cursors_[word];
        if (place.form == TextForm::sparse) {
            cursor.out = bytes_.data() + place.offset + SparseBits::head_bytes(segment_size_);
        } else if (place.form == TextForm::packed) {
            cursor.out = bytes_.data() + place.offset + PackedRows::first_row_bytes;
            cursor.differences = static_cast<std::uint32_t>(differences);
            differences += std::min<std::size_t>(place.rows - 1, block_differences);
        }
    }
    differences_.resize(differences);
}

void WordRowsWriter::add(Row row, std::uint32_t word) {
    const auto& place = plan_.place_of(word);
    Cursor& cursor = cursors_[word];
    switch (place.form) {
        case TextForm::bits:
            bits_[place.offset + row / word_bits] |= std::uint64_t{1} << (row % word_bits);
            return;
        case TextForm::sparse:
            add_sparse(row, place, cursor);
            break;
        case TextForm::packed:
            add_packed(row, place, cursor);
            break;
    }
    cursor.last = row;
    ++cursor.written;
}

void WordRowsWriter::add_sparse(Row row, const WordRowsPlan::Place& place, Cursor& cursor) {
    const Row byte = row / SparseBits::byte_rows;
    if (cursor.written == 0 || byte != cursor.last / SparseBits::byte_rows) {
        // A mask's bytes, lowest first: bit b of it is bit b % 8 of its byte b / 8.
        const std::size_t masks = place.offset + SparseBits::groups_for(segment_size_) * sizeof(std::uint32_t);
        std::uint8_t& mask = bytes_[masks + byte / 8];
        mask = static_cast<std::uint8_t>(mask | 1U << (byte % 8));
        ++cursor.out;
    }
    cursor.out[-1] = static_cast<std::uint8_t>(cursor.out[-1] | 1U << (row % SparseBits::byte_rows));
}

void WordRowsWriter::add_packed(Row row, const WordRowsPlan::Place& place, Cursor& cursor) {
    const Row in_block = cursor.written % packed_block;
    if (in_block > 0) {
        differences_[cursor.differences + in_block - 1] = row - cursor.last - 1;
    } else if (cursor.written == 0) {
        std::memcpy(bytes_.data() + place.offset, &row, sizeof row);
    } else {
        write_block(packed_block, cursor);
        const auto offset = static_cast<std::uint32_t>(cursor.out - (bytes_.data() + place.offset));
        skips_[place.skips + cursor.written / packed_block - 1] = {row, offset};
    }
}

void WordRowsWriter::write_block(Row rows, Cursor& cursor) {
    const auto differences = std::span(differences_).subspan(cursor.differences, rows - 1);
    const std::uint32_t greatest = differences.empty() ? 0 : *std::max_element(differences.begin(), differences.end());
    const auto width = static_cast<unsigned>(std::bit_width(greatest));
    *cursor.out++ = static_cast<std::uint8_t>(width);
    cursor.out = pack(differences, width, cursor.out);
}

void WordRowsWriter::write_offsets(const WordRowsPlan::Place& place) {
    std::uint8_t* bytes = bytes_.data() + place.offset;
    const SparseBits sparse(bytes, segment_size_);
    std::uint32_t data = 0;
    for (std::size_t mask = 0; mask < SparseBits::masks_for(segment_size_); ++mask) {
        if (mask % SparseBits::group_masks == 0) {
            std::memcpy(bytes + mask / SparseBits::group_masks * sizeof data, &data, sizeof data);
        }
        data += static_cast<std::uint32_t>(std::popcount(sparse.mask(mask)));
    }
}

void WordRowsWriter::finish() {
    for (std::uint32_t word = 0; word < plan_.words(); ++word) {
        const auto& place = plan_.place_of(word);
        if (place.form == TextForm::sparse) write_offsets(place);
        if (place.form == TextForm::packed) write_block((place.rows - 1) % packed_block + 1, cursors_[word]);
    }
}

}  // namespace cvstroom::index
