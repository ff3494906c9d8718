#include "search/distance.hpp"

#include <array>
#include <cstring>

#include <algorithm>

namespace cvstroom::search {

RadiusSource::RadiusSource(const Distances& distances, std::uint32_t kilometres, bool keeps_unknown)
    : is_inside_(distances.size()) {
    const std::uint32_t most = kilometres * 1000;
    for (std::size_t postcode = 0; postcode < distances.size(); ++postcode) {
        const bool is_known = distances[postcode] != reference::Places::unknown_distance;
        is_inside_[postcode] = is_known ? distances[postcode] <= most : keeps_unknown;
    }
}

std::uint64_t RadiusSource::estimate(const index::Segment& segment) const {
    return segment.size();
}

namespace {

// The lowest bits of eight bytes, each 0 or 1, as the bits of one: the first byte's is the lowest.
std::uint64_t bits_of_bytes(const std::uint8_t* bytes) {
    std::uint64_t eight;
    std::memcpy(&eight, bytes, sizeof eight);
    return (eight * 0x0102'0408'1020'4080U) >> 56U;
}

}  // namespace

void RadiusSource::select(const index::Segment& segment, SelectedRows& out) const {
    out.is_dense = true;
    out.words.assign(index::words_for(segment.size()), 0);
    const auto& places = segment.places();
    std::uint64_t rows = 0;
    for (std::size_t i = 0; i < is_inside_.size(); ++i) {
        if (is_inside_[i] != 0) rows += places.rows_at(static_cast<index::Postcode>(i)).size();
    }
    if (places.is_empty() || rows * 2 > segment.size()) return look_at_all(segment, out);
    for (std::size_t i = 0; i < is_inside_.size(); ++i) {
        if (is_inside_[i] == 0) continue;
        places.rows_at(static_cast<index::Postcode>(i)).for_each(segment.size(), [&out](index::Row row) {
            out.words[row / index::word_bits] |= std::uint64_t{1} << (row % index::word_bits);
        });
    }
}

void RadiusSource::look_at_all(const index::Segment& segment, SelectedRows& out) const {
    const std::uint8_t* inside = is_inside_.data();
    const auto postcodes = segment.postcodes();
    const std::size_t whole = segment.size() / index::word_bits;
    std::array<std::uint8_t, index::word_bits> bytes;
    for (std::size_t word = 0; word < whole; ++word) {
        const index::Postcode* of_word = postcodes.data() + word * index::word_bits;
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = inside[of_word[i]];
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < bytes.size(); i += 8) bits |= bits_of_bytes(bytes.data() + i) << i;
        out.words[word] = bits;
    }
    for (auto row = static_cast<index::Row>(whole * index::word_bits); row < segment.size(); ++row) {
        out.words[whole] |= std::uint64_t{inside[postcodes[row]]} << (row % index::word_bits);
    }
}

void RadiusSource::keep(const index::Segment& segment, std::vector<index::Row>& rows) const {
    std::size_t kept = 0;
    for (const auto row : rows) {
        rows[kept] = row;
        kept += is_inside_[segment.postcode(row)];
    }
    rows.resize(kept);
}

}  // namespace cvstroom::search
