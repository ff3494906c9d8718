#include "index/place_rows.hpp"

#include <algorithm>
#include <numeric>

namespace cvstroom::index {

// A counting sort by container and place.
PlaceRows::PlaceRows(std::span<const Postcode> postcodes) {
    if (postcodes.empty()) return;
    std::vector<std::uint32_t> counts(*std::max_element(postcodes.begin(), postcodes.end()) + std::size_t{1}, 0);
    for (const Postcode postcode : postcodes) ++counts[postcode];
    numbers_.resize(counts.size(), 0);
    sums_.push_back(0);
    for (std::size_t postcode = 0; postcode < counts.size(); ++postcode) {
        if (counts[postcode] == 0) continue;
        numbers_[postcode] = static_cast<std::uint32_t>(sums_.size());
        sums_.push_back(sums_.back() + counts[postcode]);
    }
    sums_.shrink_to_fit();

    const std::size_t row_of_begins = sums_.size();
    const std::size_t containers = (postcodes.size() + container_rows - 1) / container_rows;
    begins_.assign(containers * row_of_begins, 0);
    members_.resize(postcodes.size());
    for (std::size_t container = 0; container < containers; ++container) {
        const std::size_t first = container * container_rows;
        const auto some = postcodes.subspan(first, std::min<std::size_t>(container_rows, postcodes.size() - first));
        const auto begins = std::span(begins_).subspan(container * row_of_begins, row_of_begins);
        begins.front() = static_cast<std::uint32_t>(first);
        for (const Postcode postcode : some) ++begins[numbers_[postcode]];
        std::partial_sum(begins.begin(), begins.end(), begins.begin());
        std::vector<std::uint32_t> next(begins.begin(), begins.end());
        for (std::size_t i = 0; i < some.size(); ++i) {
            members_[next[numbers_[some[i]] - 1]++] = static_cast<std::uint16_t>(i);
        }
    }
}

std::size_t PlaceRows::bytes() const {
    return (numbers_.capacity() + sums_.capacity() + begins_.capacity()) * sizeof(std::uint32_t) +
           members_.capacity() * sizeof(std::uint16_t);
}

void PlaceRows::find(const PlaceChoice& choice, std::vector<Run>& runs) const {
    runs.clear();
    for (const Postcode postcode : choice.postcodes()) {
        if (postcode >= numbers_.size()) return;
        const std::uint32_t end = numbers_[postcode];
        if (end == 0) continue;
        if (!runs.empty() && runs.back().end == end - 1) {
            runs.back().end = end;
        } else {
            runs.push_back({end - 1, end});
        }
    }
}

bool PlaceRows::add_to(const Run& run, std::size_t container, std::uint64_t* words) const {
    const std::uint32_t* begins = begins_.data() + container * sums_.size();
    const std::uint32_t begin = begins[run.begin];
    const std::uint32_t end = begins[run.end];
    for (std::uint32_t i = begin; i < end; ++i) {
        words[members_[i] / word_bits] |= std::uint64_t{1} << (members_[i] % word_bits);
    }
    return begin != end;
}

void PlaceSet::set(std::span<const Postcode> column, const PlaceRows& places, const PlaceChoice& choice) {
    column_ = column;
    places_ = &places;
    choice_ = &choice;
    size_ = 0;
    runs_.clear();
    if (places.is_empty()) {
        for (const Postcode postcode : column) size_ += static_cast<std::uint32_t>(choice.word_bit(postcode));
        return;
    }
    places.find(choice, runs_);
    for (const auto& run : runs_) size_ += places.size_of(run);
}

bool PlaceSet::add_to(std::size_t container, std::uint64_t* words) const {
    if (places_->is_empty()) return look_at_all(container, words);
    bool has_any = false;
    for (const auto& run : runs_) has_any |= places_->add_to(run, container, words);
    return has_any;
}

bool PlaceSet::look_at_all(std::size_t container, std::uint64_t* words) const {
    const std::size_t first = container * container_rows;
    const auto some = column_.subspan(first, std::min<std::size_t>(container_rows, column_.size() - first));
    std::uint64_t any = 0;
    for (std::size_t i = 0; i < some.size(); ++i) {
        const std::uint64_t bit = choice_->word_bit(some[i]);
        words[i / word_bits] |= bit << (i % word_bits);
        any |= bit;
    }
    return any != 0;
}

// Rows lie far apart: their places are asked of the memory some rows before they are wanted.
void PlaceSet::prefetch(std::span<const Row> rows, std::size_t at) const {
    constexpr std::size_t ahead = 32;
    if (at + ahead < rows.size()) __builtin_prefetch(column_.data() + rows[at + ahead]);
}

void PlaceSet::mark(std::span<const Row> rows, std::uint8_t* marks) const {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        prefetch(rows, i);
        marks[i] |= static_cast<std::uint8_t>(choice_->word_bit(column_[rows[i]]));
    }
}

// Without a branch: whether a row stays is not to be predicted.
void PlaceSet::keep(bool wants_members, std::vector<Row>& rows) const {
    const std::uint64_t wanted = wants_members ? 1 : 0;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        prefetch(rows, i);
        const Row row = rows[i];
        rows[kept] = row;
        kept += choice_->word_bit(column_[row]) == wanted ? 1 : 0;
    }
    rows.resize(kept);
}

}  // namespace cvstroom::index
