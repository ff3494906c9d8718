#include "index/text_segment.hpp"

#include <algorithm>

namespace cvstroom::index {

std::optional<WordId> TextSegment::find(std::string_view wanted) const {
    const auto found = std::lower_bound(alphabet_.begin(), alphabet_.end(), wanted,
                                        [this](WordId id, std::string_view text) { return word(id) < text; });
    if (found == alphabet_.end() || word(*found) != wanted) return std::nullopt;
    return *found;
}

void TextSegment::find_prefix(std::string_view prefix, std::vector<WordId>& found) const {
    auto at = std::lower_bound(alphabet_.begin(), alphabet_.end(), prefix,
                               [this](WordId id, std::string_view text) { return word(id) < text; });
    for (; at != alphabet_.end() && word(*at).starts_with(prefix); ++at) found.push_back(*at);
}

void TextSegment::find_stem(StemKey key, std::vector<WordId>& found) const {
    const auto range = std::equal_range(stem_keys_.begin(), stem_keys_.end(), key);
    const auto first = stem_words_.begin() + (range.first - stem_keys_.begin());
    found.insert(found.end(), first, first + (range.second - range.first));
}

TextRows TextSegment::rows_of(WordId id) const {
    const WordRows& word = word_rows_[id];
    switch (form_of(word)) {
        case TextForm::bits:
            return {word.rows, std::span(bits_).subspan(word.offset, words_for(rows_))};
        case TextForm::sparse:
            return {word.rows, SparseBits(row_bytes_.data() + word.offset, rows_)};
        case TextForm::packed:
            break;
    }
    const auto skips = std::span(skips_).subspan(word.skips, skips_of(word));
    return TextRows(PackedRows(word.rows, row_bytes_.data() + word.offset, skips));
}

namespace {

template <typename Array>
std::size_t bytes_of(const Array& values) {
    return values.capacity() * sizeof(values[0]);
}

}  // namespace

std::vector<TextSegment::Size> TextSegment::sizes() const {
    return {
        {"words", word_text_.capacity() + bytes_of(word_offsets_) + bytes_of(alphabet_) + bytes_of(word_rows_) +
                      bytes_of(inflected_rows_)},
        {"stems", bytes_of(stem_keys_) + bytes_of(stem_words_)},
        {"rows of words, bitsets", bytes_of(bits_)},
        {"rows of words, others", bytes_of(row_bytes_) + bytes_of(skips_)},
        {"texts that repeat", bytes_of(text_offsets_) + bytes_of(text_words_)},
        {"where these have a word", bytes_of(pair_texts_) + bytes_of(word_pair_offsets_) + bytes_of(word_pairs_)},
        {"texts of rows", row_texts_.bytes()},
    };
}

std::size_t TextSegment::bytes() const {
    std::size_t sum = sizeof(TextSegment);
    for (const auto& part : sizes()) sum += part.bytes;
    return sum;
}

}  // namespace cvstroom::index
