// The free text of a segment's rows (SPEC 4, `trefwoord`): which rows have a word, and which words each row has.
//
// Texts repeat: a job's title, an employer or a sentence stands in many CVs. A text that stands more than once is
// stored once, and rows name it by a number (index/row_texts.hpp). Words and texts are numbered by how often they
// occur, so that the frequent ones take the fewest bytes. Positions, frequencies and lengths follow from a row's texts
// and are stored nowhere else; see docs/search.md for the sizes.
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
#include "index/huge_pages.hpp"
#include "index/row_texts.hpp"
#include "index/text_analysis.hpp"
#include "index/text_rows.hpp"
#include "index/varint.hpp"

namespace cvstroom::index {

// A word's number within its segment; 0 is the most frequent.
using WordId = std::uint32_t;
// A text's number within its segment.
using TextId = std::uint32_t;

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

    // The places where such a text stands: a (field, text) pair each.
    PairId pairs() const { return static_cast<PairId>(pair_texts_.size()); }
    TextField field_of_pair(PairId id) const { return static_cast<TextField>(pair_texts_[id] % text_fields); }
    TextId text_of_pair(PairId id) const { return pair_texts_[id] / text_fields; }
    std::span<const std::uint8_t> words_of_pair(PairId id) const { return words_of_text(text_of_pair(id)); }
    // Calls visit(PairId) once for each that has the word, ascending.
    template <typename Visit>
    void each_pair_with(WordId word, const Visit& visit) const;

    const RowTexts& row_texts() const { return row_texts_; }

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

    TextForm form_of(const WordRows& word) const { return form_of_text(word.rows, rows_); }
    std::size_t skips_of(const WordRows& word) const {
        return form_of(word) == TextForm::packed ? PackedRows::blocks_for(word.rows) - 1 : 0;
    }
    void count_inflections();

    Row rows_ = 0;
    std::string word_text_;                         // the words, one after the other
    std::vector<std::uint32_t> word_offsets_;       // by word, and the end
    std::vector<WordId> alphabet_;                  // the words in the order of their bytes
    std::vector<WordRows> word_rows_;               // by word
    std::vector<Row> inflected_rows_;               // by word; not saved, but counted anew
    HugeVector<std::uint64_t> bits_;                // rows of words: the bitsets,
    HugeVector<PackedSkip> skips_;                  // what stands beside the packed lists,
    HugeVector<std::uint8_t> row_bytes_;            // and sparse bits and packed lists, and bytes_read_past zeros
    std::vector<StemKey> stem_keys_;                // ascending
    std::vector<WordId> stem_words_;                // parallel to stem_keys_
    std::vector<std::uint32_t> text_offsets_;       // by text, and the end
    std::vector<std::uint8_t> text_words_;          //
    std::vector<std::uint32_t> pair_texts_;         // by pair: text * text_fields + field
    std::vector<std::uint32_t> word_pair_offsets_;  // by word, and the end, in word_pairs_
    std::vector<std::uint8_t> word_pairs_;          // a word's pairs: varints, the difference with the one before
    RowTexts row_texts_;
    std::array<std::uint64_t, text_fields> field_lengths_{};
};

template <typename Visit>
void TextSegment::each_pair_with(WordId word, const Visit& visit) const {
    const std::uint8_t* at = word_pairs_.data() + word_pair_offsets_[word];
    const std::uint8_t* const end = word_pairs_.data() + word_pair_offsets_[word + 1];
    for (PairId pair = 0; at != end;) visit(pair += read_varint(at));
}

}  // namespace cvstroom::index
