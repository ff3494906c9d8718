// Which texts each row of a segment has, in the order of the rows: what phrases, ranking and merging read.
//
// A text that stands more than once in the segment is known by a number; so is its place there, a (field, text) pair,
// the most used first. A row holds the numbers of its pairs, two bytes each for all but the rare ones: many rows are
// read for one question, and numbers of one width are read without a branch. A text of one row alone stands in it.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "candidate/facts.hpp"
#include "index/huge_pages.hpp"
#include "index/posting.hpp"
#include "index/varint.hpp"

namespace cvstroom::index {

// What ranking weighs apart.
enum class TextField : std::uint8_t { title, competence, study, employer };
inline constexpr std::uint32_t text_fields = 4;
TextField field_of(candidate::TextMember member);

// How much a word counts in a row's length, and in ranking, by TextField: a title says more of a CV than the name of an
// employer does.
inline constexpr std::array<std::uint16_t, text_fields> field_weights{4, 2, 2, 1};

// The number of a (field, text) pair within its segment; 0 is the most used.
using PairId = std::uint32_t;

// A text that stands in no other row. `words` are the words' numbers as varints.
struct OwnText {
    TextField field{};
    std::span<const std::uint8_t> words;
};

// Immutable; shared freely between threads.
class RowTexts {
  public:
    Row size() const { return offsets_.empty() ? 0 : static_cast<Row>(offsets_.size() - 1); }

    // The number of words of the row, each counted as its field weighs; no more than 65,535 is told.
    std::uint32_t length(Row row) const { return read<std::uint16_t>(row_at(row)); }

    // Calls shared(PairId) for each text that stands elsewhere too, as often as it is in the row, and then own(OwnText)
    // for each other. The order is the same for the same texts, however the segment was made, and no more.
    template <typename Shared, typename Own>
    void each(Row row, const Shared& shared, const Own& own) const;

    // Asks memory for the row some time before each() wants it: rows that match lie far apart, and waiting for each
    // takes longer than reading it.
    void prefetch(Row row) const {
        constexpr std::size_t line = 64;
        const std::uint8_t* const end = row_at(row + 1);
        for (const std::uint8_t* at = row_at(row); at < end; at += line) __builtin_prefetch(at);
    }

    std::size_t bytes() const { return bytes_.capacity() + bases_.capacity() * 8 + offsets_.capacity() * 4; }

  private:
    friend class RowTextsWriter;
    friend class TextSegment;        // writes the arrays to a file,
    friend class TextSegmentReader;  // and reads and checks them

    static constexpr Row base_rows = 1024;  // to an entry of bases_: what so many rows take fits an offset
    static constexpr std::size_t short_numbers = 1U << 16U;

    template <typename T>
    static T read(const std::uint8_t* at) {
        T value;
        std::memcpy(&value, at, sizeof value);
        return value;
    }
    const std::uint8_t* row_at(Row row) const { return bytes_.data() + bases_[row / base_rows] + offsets_[row]; }

    // A row: its length, how many pairs with a number of two bytes, how many with one of four, both as varints; these
    // numbers, ascending; and to its end each own text: field, number of bytes, words.
    HugeVector<std::uint8_t> bytes_;
    std::vector<std::uint64_t> bases_;   // by row / base_rows
    HugeVector<std::uint32_t> offsets_;  // by row, and the end: from its base
};

// How many rows ahead to prefetch.
inline constexpr std::size_t prefetch_ahead = 12;

template <typename Shared, typename Own>
void RowTexts::each(Row row, const Shared& shared, const Own& own) const {
    const std::uint8_t* at = row_at(row) + sizeof(std::uint16_t);
    const std::uint32_t shorts = read_varint(at);
    const std::uint32_t longs = read_varint(at);
    for (std::uint32_t i = 0; i < shorts; ++i, at += 2) shared(PairId{read<std::uint16_t>(at)});
    for (std::uint32_t i = 0; i < longs; ++i, at += 4) shared(read<PairId>(at));
    for (const std::uint8_t* const end = row_at(row + 1); at != end;) {
        const auto field = static_cast<TextField>(read_varint(at));
        const std::uint32_t bytes = read_varint(at);
        own(OwnText{field, {at, bytes}});
        at += bytes;
    }
}

// Makes a RowTexts, row by row. Not thread-safe.
class RowTextsWriter {
  public:
    explicit RowTextsWriter(Row rows);

    void add_shared(PairId pair) { pairs_.push_back(pair); }
    void add_own(TextField field, std::vector<std::uint8_t> words) { own_.emplace_back(field, std::move(words)); }
    // `length` as in RowTexts::length(), uncapped.
    void end_row(std::uint64_t length);

    RowTexts finish();

  private:
    void begin_row();

    RowTexts made_;
    std::vector<std::uint8_t> row_;  // the one at hand
    std::vector<PairId> pairs_;
    std::vector<std::pair<TextField, std::vector<std::uint8_t>>> own_;
};

}  // namespace cvstroom::index
