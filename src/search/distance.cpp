#include "search/distance.hpp"

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

void RadiusSource::select(const index::Segment& segment, SelectedRows& out) const {
    out.is_dense = true;
    out.words.resize(index::words_for(segment.size()));
    const std::uint8_t* inside = is_inside_.data();
    for (std::size_t word = 0; word < out.words.size(); ++word) {
        const auto first = static_cast<index::Row>(word * index::word_bits);
        // The last words may lie past the segment's end: a bitset is whole blocks long.
        const auto count = first < segment.size() ? std::min<index::Row>(index::word_bits, segment.size() - first) : 0;
        std::uint64_t bits = 0;
        for (index::Row i = 0; i < count; ++i) bits |= std::uint64_t{inside[segment.postcode(first + i)]} << i;
        out.words[word] = bits;
    }
}

}  // namespace cvstroom::search
