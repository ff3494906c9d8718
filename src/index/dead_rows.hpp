// The rows of a segment that a later change superseded.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "index/posting.hpp"

namespace cvstroom::index {

// Immutable; shared freely between threads. A batch of changes copies it: a bit a row, so 125 KB for a million rows,
// some microseconds; batches come at most twenty a second (index/follower.hpp).
class DeadRows {
  public:
    DeadRows() = default;  // no rows

    // These rows and `more` (in any order, none of them dead yet), in a segment of `segment_size` rows.
    DeadRows with(std::span<const Row> more, Row segment_size) const {
        DeadRows both(*this);
        if (both.words_.empty()) both.words_.resize(words_for(segment_size), 0);
        for (const Row row : more) both.words_[row / word_bits] |= std::uint64_t{1} << (row % word_bits);
        both.size_ += static_cast<std::uint32_t>(more.size());
        if (both.size_ > most_listed) {
            both.list_ = {};
        } else {
            const auto middle = static_cast<std::ptrdiff_t>(both.list_.size());
            both.list_.insert(both.list_.end(), more.begin(), more.end());
            std::sort(both.list_.begin() + middle, both.list_.end());
            std::inplace_merge(both.list_.begin(), both.list_.begin() + middle, both.list_.end());
        }
        return both;
    }

    // So few are listed too.
    static constexpr std::uint32_t most_listed = 4096;
    bool is_listed() const { return size_ <= most_listed; }
    // Ascending. Pre: is_listed().
    std::span<const Row> list() const { return list_; }

    std::uint32_t size() const { return size_; }
    bool is_empty() const { return size_ == 0; }
    bool contains(Row row) const {
        return !words_.empty() && ((words_[row / word_bits] >> (row % word_bits)) & 1U) != 0;
    }

    // As of a dense RowsView; null when is_empty().
    const std::uint64_t* words() const { return words_.empty() ? nullptr : words_.data(); }
    std::size_t bytes() const { return words_.size() * sizeof(std::uint64_t) + list_.size() * sizeof(Row); }

  private:
    std::vector<std::uint64_t> words_;
    std::vector<Row> list_;
    std::uint32_t size_ = 0;
};

}  // namespace cvstroom::index
