// Collects the free text of rows, in log order, and makes a TextSegment of it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "index/extension.hpp"
#include "index/text_segment.hpp"

namespace cvstroom::index {

// A text of a document as tokenize() folds it: words with one space between. Never empty.
struct FoldedText {
    TextField field{};
    std::string text;
};

// Not thread-safe.
class TextSegmentBuilder {
  public:
    TextSegmentBuilder();

    // Adds the next row: its texts, then its end. `text` is as in FoldedText.
    void add_text(TextField field, std::string_view text) { add_entry(field, number_of_text(text)); }
    void end_row() { row_begins_.push_back(entries_.size()); }
    void add(std::span<const FoldedText> texts);

    // Takes over the rows of `source`, after those added so far: row r becomes moved[r], or is left out when that is
    // dropped_row. Pre: the numbers that are no dropped_row ascend one by one from size().
    void add_rows(const TextSegment& source, std::span<const Row> moved);

    Row size() const { return static_cast<Row>(row_begins_.size() - 1); }

    // Leaves the builder empty.
    std::shared_ptr<const TextSegment> build();

  private:
    // Finds a text or word by its characters without copying them.
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using Numbers = std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>>;

    class Encoder;

    std::uint32_t number_of_text(std::string_view text);
    std::uint32_t number_of_word(std::string_view word);
    void add_entry(TextField field, std::uint32_t text);
    std::span<const std::uint32_t> words_of(std::uint32_t text) const {
        return std::span(words_of_texts_).subspan(text_begins_[text], text_begins_[text + 1] - text_begins_[text]);
    }

    // Words and texts are numbered as they come; build() numbers them anew.
    Numbers word_numbers_;
    std::vector<const std::string*> words_;  // the keys of word_numbers_: they stay where they are
    Numbers text_numbers_;
    std::vector<const std::string*> texts_;      // the keys of text_numbers_
    std::vector<std::uint32_t> text_uses_;       // by text
    std::vector<std::uint32_t> text_begins_;     // by text, and the end
    std::vector<std::uint32_t> words_of_texts_;  //
    std::vector<std::uint64_t> row_begins_;      // by row, and the end, in entries_
    std::vector<std::uint32_t> entries_;         // text * text_fields + field
};

}  // namespace cvstroom::index
