#include "search/text_phrase.hpp"

#include <algorithm>

namespace cvstroom::search {
namespace {

bool is_in(std::span<const index::WordId> words, index::WordId word) {
    return words.size() == 1 ? words.front() == word : std::binary_search(words.begin(), words.end(), word);
}

}  // namespace

PhraseCheck::PhraseCheck(const index::TextSegment& segment, std::vector<std::span<const index::WordId>> steps)
    : segment_(segment), steps_(std::move(steps)), known_(segment.texts(), unasked) {}

bool PhraseCheck::text_has_it(std::span<const std::uint8_t> words) {
    if (words.size() < steps_.size()) return false;  // a word takes at least a byte
    unpacked_.clear();
    index::each_word(words, [this](index::WordId word) { unpacked_.push_back(word); });
    for (std::size_t begin = 0; begin + steps_.size() <= unpacked_.size(); ++begin) {
        std::size_t step = 0;
        while (step < steps_.size() && is_in(steps_[step], unpacked_[begin + step])) ++step;
        if (step == steps_.size()) return true;
    }
    return false;
}

bool PhraseCheck::row_has_it(index::Row row) {
    bool has_it = false;
    segment_.each_text(row, [&](const index::RowText& text) {
        if (has_it) return;
        if (text.text == index::no_text) {
            has_it = text_has_it(text.words);
            return;
        }
        auto& known = known_[text.text];
        if (known == unasked) known = text_has_it(text.words) ? yes : no;
        has_it = known == yes;
    });
    return has_it;
}

}  // namespace cvstroom::search
