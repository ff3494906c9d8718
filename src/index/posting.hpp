// Sets of rows of a segment, as views into its memory, in one of two forms (DESIGN 3):
//   bits   a bit a row, where more than one row in `dense_ratio` is in the set, so that sets combine a cache line at a
//          time;
//   list   16 bits a member, grouped by the upper half of the row number (as Roaring's array containers are).
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "index/extension.hpp"

namespace cvstroom::index {

inline constexpr std::uint32_t word_bits = 64;
inline constexpr std::uint32_t words_step = 8;  // bitsets are a multiple of this long: one cache line
constexpr std::size_t words_for(Row rows) {
    const std::size_t words = (std::size_t{rows} + word_bits - 1) / word_bits;
    return (words + words_step - 1) / words_step * words_step;
}

// Calls visit(row) for each row whose bit is set, ascending.
template <typename Visit>
void each_bit(std::span<const std::uint64_t> words, const Visit& visit) {
    const auto visit_word = [&](std::size_t word) {
        for (std::uint64_t bits = words[word]; bits != 0; bits &= bits - 1) {
            visit(static_cast<Row>(word * word_bits) + static_cast<Row>(std::countr_zero(bits)));
        }
    };
    // Where rows are rare, words are passed over eight at a time.
    std::size_t word = 0;
    for (; word + words_step <= words.size(); word += words_step) {
        std::uint64_t any = 0;
        for (std::size_t i = 0; i < words_step; ++i) any |= words[word + i];
        for (std::size_t i = 0; any != 0 && i < words_step; ++i) visit_word(word + i);
    }
    for (; word < words.size(); ++word) visit_word(word);
}

// Appends the rows whose bits are set, ascending.
inline void append_rows(std::span<const std::uint64_t> words, std::vector<Row>& rows) {
    each_bit(words, [&rows](Row row) { rows.push_back(row); });
}

// The rows of one container share their upper 16 bits.
inline constexpr std::uint32_t container_rows = 65536;
inline constexpr std::size_t container_words = container_rows / word_bits;

// A list of rows. In memory and on file, in units of 16 bits, little-endian:
//   the number of containers (2 units), the upper half of the rows of each (1 unit each), the position after the last
//   member of each (2 units each), the lower halves of all members, ascending within a container.
class RowList {
  public:
    RowList() = default;
    explicit RowList(const std::uint16_t* units) : units_(units), containers_(read(units)) {}

    std::uint32_t containers() const { return containers_; }
    std::uint16_t key(std::uint32_t container) const { return units_[2 + container]; }
    std::uint32_t begin(std::uint32_t container) const { return container == 0 ? 0 : end(container - 1); }
    std::uint32_t end(std::uint32_t container) const { return read(units_ + 2 + containers_ + 2 * container); }
    std::uint32_t size() const { return containers_ == 0 ? 0 : end(containers_ - 1); }
    const std::uint16_t* values() const { return units_ + 2 + 3 * std::size_t{containers_}; }

    // The container of these rows, or the number of containers when there is none.
    std::uint32_t find(std::uint16_t key) const {
        for (std::uint32_t container = 0; container < containers_; ++container) {
            if (this->key(container) >= key) return this->key(container) == key ? container : containers_;
        }
        return containers_;
    }

    // Appends the form above for `ascending`. Returns nothing: the list begins where `units` ended.
    static void write(std::span<const Row> ascending, std::vector<std::uint16_t>& units);

    // Whether a list stands in `units`, whole, with `rows` members that ascend and are below `segment_size`.
    static bool is_sound(std::span<const std::uint16_t> units, std::uint32_t rows, Row segment_size);

  private:
    static std::uint32_t read(const std::uint16_t* units) {
        return units[0] | static_cast<std::uint32_t>(units[1]) << 16U;
    }

    const std::uint16_t* units_ = nullptr;
    std::uint32_t containers_ = 0;
};

// A set of rows, of which, where `ranks` is given, only the members with a rank >= `least` count.
class RowsView {
  public:
    RowsView() = default;  // no rows
    static RowsView of_bits(const std::uint64_t* words, std::uint32_t size) {
        RowsView view;
        view.words_ = words;
        view.size_ = size;
        return view;
    }
    static RowsView of_list(RowList list, std::uint32_t size, const std::uint8_t* ranks = nullptr,
                            std::uint8_t least = 0) {
        RowsView view;
        view.list_ = list;
        view.size_ = size;
        view.ranks_ = ranks;
        view.least_ = least;
        return view;
    }

    std::uint32_t size() const { return size_; }  // exact
    bool is_dense() const { return words_ != nullptr; }

    // When dense: bit r % 64 of word r / 64 stands for row r; words_for(segment size) words, aligned to 64 bytes; bits
    // past the segment's size are 0.
    const std::uint64_t* words() const { return words_; }

    // When not dense. ranks(): of each member by its position, or null; those with less than least_rank() do not count.
    const RowList& list() const { return list_; }
    const std::uint8_t* ranks() const { return ranks_; }
    std::uint8_t least_rank() const { return least_; }

    bool contains(Row row) const;

    // Calls back with every row, ascending. `segment_size`: of the segment that the view is of.
    template <typename Visit>
    void for_each(Row segment_size, const Visit& visit) const {
        if (words_ != nullptr) return each_bit({words_, words_for(segment_size)}, visit);
        for (std::uint32_t container = 0; container < list_.containers(); ++container) {
            const Row upper = static_cast<Row>(list_.key(container)) << 16U;
            for (std::uint32_t i = list_.begin(container); i < list_.end(container); ++i) {
                if (ranks_ == nullptr || ranks_[i] >= least_) visit(upper | list_.values()[i]);
            }
        }
    }

  private:
    const std::uint64_t* words_ = nullptr;
    RowList list_;
    const std::uint8_t* ranks_ = nullptr;
    std::uint32_t size_ = 0;
    std::uint8_t least_ = 0;
};

}  // namespace cvstroom::index
