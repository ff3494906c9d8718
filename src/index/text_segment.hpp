// The free text of a segment's rows (SPEC 4, `trefwoord`): which rows have a word, and which words each row has.
//
// Texts repeat: a job's title, an employer or a sentence stands in many CVs. So a row is a list of (field, text), where
// a text that stands more than once in the segment is a number, and any other stands there as its words' numbers.
// Words and texts are numbered by how often they occur, so that the frequent ones take one byte. Positions, frequencies
// and lengths follow from a row's texts and are stored nowhere else; see docs/search.md for the sizes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "candidate/facts.hpp"
#include "index/huge_pages.hpp"
#include "index/text_analysis.hpp"
#include "index/text_rows.hpp"
#include "index/varint.hpp"

namespace cvstroom::index {

// What ranking weighs apart.
enum class TextField : std::uint8_t { title, competence, study, employer };
inline constexpr std::uint32_t text_fields = 4;
TextField field_of(candidate::TextMember member);

// A word's number within its segment; 0 is the most frequent.
using WordId = std::uint32_t;
// A text's number within its segment.
using TextId = std::uint32_t;
inline constexpr TextId no_text = ~TextId{0};

// One text of a row. `words` are the words' numbers as varints.
struct RowText {
    TextField field{};
    TextId text = no_text;  // no_text: it stands in no other row
    std::span<const std::uint8_t> words;
};

template <typename Visit>
void each_word(std::span<const std::uint8_t> words, const Visit& visit) {
    for (const std::uint8_t *at = words.data(), *end = at + words.size(); at != end;) visit(read_varint(at));
}

// Immutable; shared freely between threads. Rows are those of the segment that it belongs to, in the same order.
class TextSegment {
  public:
    Row size() const { return rows_; }

    WordId words() const { return static_cast<WordId>(word_rows_.size()); }
    std::string_view word(WordId id) const {
        return std::string_view(word_text_).substr(word_offsets_[id], word_offsets_[id + 1] - word_offsets_[id]);
    }
    // All of these take folded words. O(log words) each.
    std::optional<WordId> find(std::string_view word) const;
    void find_prefix(std::string_view prefix, std::vector<WordId>& found) const;
    void find_stem(StemKey key, std::vector<WordId>& found) const;  // may find a word twice, for two languages

    // How many rows have the word, and which.
    Row rows_with(WordId id) const { return word_rows_[id].rows; }
    TextRows rows_of(WordId id) const;
    // How many rows have the word, or one that has a stem in common with it. O(1): it was counted when the segment was
    // made or loaded.
    Row rows_with_inflections(WordId id) const { return inflected_rows_[id]; }

    // Texts that stand in more than one place.
    TextId texts() const { return static_cast<TextId>(text_offsets_.size() - 1); }
    std::span<const std::uint8_t> words_of_text(TextId id) const {
        return std::span(text_words_).subspan(text_offsets_[id], text_offsets_[id + 1] - text_offsets_[id]);
    }

    // Asks memory for the row's texts some time before each_text() wants them: rows that match lie far apart, and
    // waiting for each takes longer than reading it.
    void prefetch(Row row) const;

    // Calls visit(RowText) for each text of the row, in the order of the document.
    template <typename Visit>
    void each_text(Row row, const Visit& visit) const;

    // The number of words of all rows together, by field.
    const std::array<std::uint64_t, text_fields>& field_lengths() const { return field_lengths_; }

    // Memory held, by part and in all.
    struct Size {
        const char* name;
        std::size_t bytes;
    };
    std::vector<Size> sizes() const;
    std::size_t bytes() const;

    // The segment as bytes for a file (docs/search.md has the form), and back. Reading checks everything that later
    // reads rely on: bytes that are not what was written give `corrupt`, or a segment that is safe to use.
    void append_to(std::string& out) const;
    static Result<std::shared_ptr<const TextSegment>> from_bytes(std::string_view bytes);

  private:
    friend class TextSegmentBuilder;
    friend class TextSegmentReader;
    TextSegment() = default;

    struct WordRows {
        Row rows = 0;              // how many
        std::uint32_t offset = 0;  // in bits_ when its form is bits, else in row_bytes_
        std::uint32_t skips = 0;   // the first in skips_, when its form is packed
    };
    static constexpr Row row_block = 8;  // rows to an entry of block_offsets_

    TextForm form_of(const WordRows& word) const { return form_of_text(word.rows, rows_); }
    std::size_t skips_of(const WordRows& word) const {
        return form_of(word) == TextForm::packed ? PackedRows::blocks_for(word.rows) - 1 : 0;
    }
    void count_inflections();

    Row rows_ = 0;
    std::string word_text_;                     // the words, one after the other
    std::vector<std::uint32_t> word_offsets_;   // by word, and the end
    std::vector<WordId> alphabet_;              // the words in the order of their bytes
    std::vector<WordRows> word_rows_;           // by word
    std::vector<Row> inflected_rows_;           // by word; not saved, but counted anew
    HugeVector<std::uint64_t> bits_;            // rows of words: the bitsets,
    HugeVector<PackedSkip> skips_;              // what stands beside the packed lists,
    HugeVector<std::uint8_t> row_bytes_;        // and sparse bits and packed lists, and bytes_read_past zeros
    std::vector<StemKey> stem_keys_;            // ascending
    std::vector<WordId> stem_words_;            // parallel to stem_keys_
    std::vector<std::uint32_t> text_offsets_;   // by text, and the end
    std::vector<std::uint8_t> text_words_;      //
    std::vector<std::uint64_t> block_offsets_;  // of every eighth row in texts_of_rows_
    std::vector<std::uint8_t> texts_of_rows_;   // a row: its length, then its texts
    std::array<std::uint64_t, text_fields> field_lengths_{};
};

inline void TextSegment::prefetch(Row row) const {
    constexpr std::size_t line = 64;
    const std::size_t block = row / row_block;
    const std::size_t begin = block_offsets_[block];
    const std::size_t end = block + 1 < block_offsets_.size() ? block_offsets_[block + 1] : texts_of_rows_.size();
    // The row's own place is not known yet; it is near the one that rows of equal length would give it.
    const std::size_t near = begin + (end - begin) * (row % row_block + 1) / row_block;
    for (std::size_t at = begin; at < near; at += line) __builtin_prefetch(texts_of_rows_.data() + at);
}

// How many rows ahead to prefetch.
inline constexpr std::size_t prefetch_ahead = 12;

template <typename Visit>
void TextSegment::each_text(Row row, const Visit& visit) const {
    const std::uint8_t* at = texts_of_rows_.data() + block_offsets_[row / row_block];
    for (Row skip = row % row_block; skip > 0; --skip) {
        const std::uint32_t length = read_varint(at);
        at += length;
    }
    const std::uint32_t length = read_varint(at);
    for (const std::uint8_t* end = at + length; at != end;) {
        const std::uint32_t head = read_varint(at);
        RowText text;
        text.field = static_cast<TextField>(head % text_fields);
        if (head >= text_fields) {
            text.text = head / text_fields - 1;
            text.words = words_of_text(text.text);
        } else {
            const std::uint32_t bytes = read_varint(at);
            text.words = {at, bytes};
            at += bytes;
        }
        visit(text);
    }
}

}  // namespace cvstroom::index
