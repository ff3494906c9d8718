#include "index/posting.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

namespace cvstroom::index {
namespace {

// A bitset costs a bit for every row of the segment, so at this density at most 32 bits a member: the time that a walk
// over single rows would cost outweighs it from here on (measured on a like mix of searches).
constexpr std::size_t dense_ratio = 32;

}  // namespace

Posting::Posting(std::span<const Row> ascending, Row segment_size)
    : size_(static_cast<std::uint32_t>(ascending.size())) {
    if (ascending.size() * dense_ratio > segment_size) {
        Words words(words_for(segment_size), 0);
        for (const Row row : ascending) words[row / word_bits] |= std::uint64_t{1} << (row % word_bits);
        rows_ = std::move(words);
    } else {
        RowSet set(ascending.size(), ascending.data());
        set.runOptimize();
        set.shrinkToFit();
        rows_ = std::move(set);
    }
}

// Linear in the set, whatever is added: this runs with every batch of changes.
Posting Posting::with(std::span<const Row> more, Row segment_size) const {
    std::vector<Row> added(more.begin(), more.end());
    std::sort(added.begin(), added.end());
    std::vector<Row> before;
    append_to(before);
    std::vector<Row> rows;
    rows.reserve(before.size() + added.size());
    std::set_union(before.begin(), before.end(), added.begin(), added.end(), std::back_inserter(rows));
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return Posting(rows, segment_size);
}

void Posting::append_to(std::vector<Row>& rows) const {
    const std::size_t first = rows.size();
    rows.resize(first + size_);
    if (const auto* set = std::get_if<RowSet>(&rows_)) {
        set->toUint32Array(rows.data() + first);
        return;
    }
    Row* out = rows.data() + first;
    const auto& words = std::get<Words>(rows_);
    for (std::size_t word = 0; word < words.size(); ++word) {
        for (std::uint64_t bits = words[word]; bits != 0; bits &= bits - 1) {
            *out++ = static_cast<Row>(word * word_bits) + static_cast<Row>(std::countr_zero(bits));
        }
    }
}

std::size_t Posting::bytes() const {
    if (const auto* words = std::get_if<Words>(&rows_))
        return sizeof(Posting) + words->capacity() * sizeof(std::uint64_t);
    return sizeof(Posting) + std::get<RowSet>(rows_).getSizeInBytes();
}

}  // namespace cvstroom::index
