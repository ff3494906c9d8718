// Collects the free text of rows, in log order, and makes a TextSegment of it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "index/extension.hpp"
#include "index/string_numbers.hpp"
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
    // The same for a segment that nothing is done with but add_rows(): what only searches need is left out.
    std::shared_ptr<const TextSegment> build_for_merge();

  private:
    class Encoder;

    std::uint32_t number_of_text(std::string_view text);
    void end_text();
    void add_entry(TextField field, std::uint32_t text);
    std::span<const std::uint32_t> words_of(std::uint32_t text) const {
        return std::span(words_of_texts_).subspan(text_begins_[text], text_begins_[text + 1] - text_begins_[text]);
    }

    // Words and texts are numbered as they come; build() numbers them anew.
    StringNumbers words_;
    StringNumbers texts_;
    std::vector<std::uint32_t> text_uses_;       // by text
    std::vector<std::uint32_t> text_begins_;     // by text, and the end
    std::vector<std::uint32_t> words_of_texts_;  //
    std::vector<std::uint64_t> row_begins_;      // by row, and the end, in entries_
    std::vector<std::uint32_t> entries_;         // text * text_fields + field
};

}  // namespace cvstroom::index
