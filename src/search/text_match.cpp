#include "search/text_match.hpp"

#include <algorithm>
#include <array>

#include "index/text_extension.hpp"
#include "search/bit_kernels.hpp"
#include "search/text_phrase.hpp"

namespace cvstroom::search {
namespace {

using index::Row;
using index::word_bits;
using index::WordId;

// Beside so many sets in one clause a bitset of their union is made: to find where each of them has its rows of a
// container costs more.
constexpr std::size_t most_sets = 16;

index::Stemmer& stemmer_of_this_thread() {
    thread_local index::Stemmer stemmer;
    return stemmer;
}

void add_words(std::span<const WordId> words, const index::TextSegment& segment, SourceSets& sets) {
    if (words.size() <= most_sets) {
        for (const auto word : words) sets.add(RowSet(segment.rows_of(word)));
        return;
    }
    const auto united = sets.make_words(segment.size());
    for (const auto word : words) {
        const auto rows = segment.rows_of(word);
        if (rows.form() == index::TextForm::bits) {
            or_into(united, rows.words());
        } else {
            rows.each([&united](Row row) { united[row / word_bits] |= std::uint64_t{1} << (row % word_bits); });
        }
    }
    const std::array<const std::uint64_t*, 1> all{united.data()};
    const auto count = kernels().count({all, {}}, united.size());
    sets.add(index::RowsView::of_bits(united.data(), static_cast<std::uint32_t>(count)));
}

}  // namespace

TextPlan::TextPlan(TextQuery query) : query_(std::move(query)) {
    for (const auto& term : query_.terms) {
        auto& keys = keys_.emplace_back();
        for (const auto& step : term.steps) {
            keys.push_back(step.how == TextStep::How::inflected ? stemmer_of_this_thread().keys(step.word)
                                                                : StemKeys{});
        }
    }
}

std::optional<WordId> TextPlan::words_of(std::size_t term, std::size_t step, const index::TextSegment& segment,
                                         std::vector<WordId>& words) const {
    words.clear();
    const TextStep& wanted = query_.terms[term].steps[step];
    const auto itself = segment.find(wanted.word);
    if (wanted.how == TextStep::How::prefix) {
        segment.find_prefix(wanted.word, words);
    } else if (itself) {
        words.push_back(*itself);
    }
    if (wanted.how == TextStep::How::inflected) {
        for (const auto key : keys_[term][step]) segment.find_stem(key, words);
    }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return itself;
}

RowSource::Found TextSource::add_sets(const index::Segment& segment, SourceSets& sets) const {
    const auto* text = index::text_of(segment);
    if (text == nullptr) return Found::nothing;
    thread_local std::vector<WordId> words;
    const auto& terms = plan_.query().terms;
    bool has_phrase = false;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const bool is_phrase = terms[i].steps.size() > 1;
        has_phrase |= is_phrase;
        if (terms[i].is_excluded && is_phrase) continue;
        for (std::size_t n = 0; n < terms[i].steps.size(); ++n) {
            const auto itself = plan_.words_of(i, n, *text, words);
            if (words.empty() && terms[i].is_excluded) continue;
            if (words.empty()) return Found::nothing;
            terms[i].is_excluded ? sets.begin_excluded() : sets.begin_clause();
            add_words(words, *text, sets);
            if (itself && terms[i].steps[n].how == TextStep::How::inflected) {
                sets.set_size(text->rows_with_inflections(*itself));
            }
        }
    }
    return has_phrase ? Found::candidates : Found::exact;
}

// Words that follow each other, and those that must not.
void TextSource::finish(const index::Segment& segment, std::vector<Row>& rows) const {
    const auto& text = *index::text_of(segment);
    const auto& terms = plan_.query().terms;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        if (terms[i].steps.size() == 1) continue;
        std::vector<std::vector<WordId>> words(terms[i].steps.size());
        for (std::size_t n = 0; n < words.size(); ++n) plan_.words_of(i, n, text, words[n]);
        const bool can_occur = std::none_of(words.begin(), words.end(), [](const auto& step) { return step.empty(); });
        if (!can_occur) continue;  // an excluded one, which excludes nothing
        PhraseCheck phrase(text, {words.begin(), words.end()});
        std::size_t kept = 0;
        for (std::size_t row = 0; row < rows.size(); ++row) {
            if (row + index::prefetch_ahead < rows.size()) text.row_texts().prefetch(rows[row + index::prefetch_ahead]);
            if (phrase.row_has_it(rows[row]) != terms[i].is_excluded) rows[kept++] = rows[row];
        }
        rows.resize(kept);
    }
}

}  // namespace cvstroom::search
