#include "search/text_phrase.hpp"

#include <algorithm>

namespace cvstroom::search {
namespace {

bool is_in(std::span<const index::WordId> words, index::WordId word) {
    return words.size() == 1 ? words.front() == word : std::binary_search(words.begin(), words.end(), word);
}

}  // namespace

PhraseCheck::PhraseCheck(const index::TextSegment& segment, std::vector<std::span<const index::WordId>> steps)
    : segment_(segment), steps_(std::move(steps)), pair_has_it_(segment.pairs(), 0) {
    for (const auto word : rarest_step()) {
        segment.each_pair_with(word, [&](index::PairId pair) {
            if (text_has_it(segment.words_of_pair(pair))) pair_has_it_[pair] = 1;
        });
    }
}

std::span<const index::WordId> PhraseCheck::rarest_step() const {
    const auto rows = [this](std::span<const index::WordId> words) {
        std::uint64_t sum = 0;
        for (const auto word : words) sum += segment_.rows_with(word);
        return sum;
    };
    return *std::min_element(steps_.begin(), steps_.end(),
                             [&rows](const auto& a, const auto& b) { return rows(a) < rows(b); });
}

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
    std::uint8_t has_it = 0;
    segment_.row_texts().each(
        row, [&](index::PairId pair) { has_it = has_it | pair_has_it_[pair]; },
        [&](const index::OwnText& text) {
            if (has_it == 0 && text_has_it(text.words)) has_it = 1;
        });
    return has_it != 0;
}

}  // namespace cvstroom::search
