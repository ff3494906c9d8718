#include "search/text_match.hpp"

#include <algorithm>
#include <optional>

#include "index/text_extension.hpp"
#include "search/bit_kernels.hpp"
#include "search/text_phrase.hpp"

namespace cvstroom::search {
namespace {

using index::Row;
using index::word_bits;
using index::WordId;
using index::words_for;

void set_bit(std::vector<std::uint64_t>& words, Row row) {
    words[row / word_bits] |= std::uint64_t{1} << (row % word_bits);
}

void make_list(SelectedRows& rows) {
    if (!rows.is_dense) return;
    index::append_rows(rows.words, rows.rows);
    rows.words.clear();
    rows.is_dense = false;
}

index::Stemmer& stemmer_of_this_thread() {
    thread_local index::Stemmer stemmer;
    return stemmer;
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

void TextPlan::words_of(std::size_t term, std::size_t step, const index::TextSegment& segment,
                        std::vector<WordId>& words) const {
    words.clear();
    const TextStep& wanted = query_.terms[term].steps[step];
    if (wanted.how == TextStep::How::prefix) {
        segment.find_prefix(wanted.word, words);
    } else if (const auto word = segment.find(wanted.word)) {
        words.push_back(*word);
    }
    if (wanted.how == TextStep::How::inflected) {
        for (const auto key : keys_[term][step]) segment.find_stem(key, words);
    }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
}

TextMatch::TextMatch(const TextPlan& plan, const index::TextSegment& segment) : segment_(segment) {
    estimate_ = segment.size();
    const auto& terms = plan.query().terms;
    terms_.resize(terms.size());
    for (std::size_t i = 0; i < terms.size(); ++i) {
        terms_[i].is_excluded = terms[i].is_excluded;
        terms_[i].steps.resize(terms[i].steps.size());
        for (std::size_t n = 0; n < terms[i].steps.size(); ++n) {
            Step& step = terms_[i].steps[n];
            plan.words_of(i, n, segment, step.words);
            for (const auto word : step.words) step.rows += segment.rows_with(word);
            if (!terms[i].is_excluded) estimate_ = std::min(estimate_, step.rows);
        }
    }
    // A phrase of which a word does not occur excludes nothing.
    std::erase_if(terms_, [](const Term& term) {
        return term.is_excluded &&
               std::any_of(term.steps.begin(), term.steps.end(), [](const Step& step) { return step.rows == 0; });
    });
}

void TextMatch::set_bits(const Step& step, std::vector<std::uint64_t>& words) const {
    for (const auto word : step.words) {
        const auto rows = segment_.rows_of(word);
        if (rows.is_dense()) {
            or_into(words, rows.words());
        } else {
            rows.each([&words](Row row) { set_bit(words, row); });
        }
    }
}

// The rows of one step, in the form that suits their number: setting bits is quicker than uniting lists, though it
// passes over all words.
void TextMatch::add(const Step& step, SelectedRows& out) const {
    constexpr std::uint64_t dense_ratio = 64;
    constexpr std::uint64_t dense_ratio_of_many = 512;
    constexpr std::size_t few_lists = 4;
    const auto ratio = step.words.size() == 1 ? dense_ratio : dense_ratio_of_many;
    out.is_dense = step.words.size() > few_lists || step.rows * ratio > segment_.size();
    if (const auto* words = bits_of(step)) {
        out.words.assign(words, words + words_for(segment_.size()));
    } else if (out.is_dense) {
        out.words.assign(words_for(segment_.size()), 0);
        set_bits(step, out.words);
    } else {
        unite_lists(step, out.rows);
    }
}

void TextMatch::unite_lists(const Step& step, std::vector<Row>& rows) const {
    for (const auto word : step.words) {
        const auto middle = static_cast<std::ptrdiff_t>(rows.size());
        segment_.rows_of(word).append_to(rows);
        std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end());
    }
    if (step.words.size() > 1) rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

// Of a step for one word that the segment keeps as a bitset; else null.
const std::uint64_t* TextMatch::bits_of(const Step& step) const {
    if (step.words.size() != 1) return nullptr;
    const auto rows = segment_.rows_of(step.words.front());
    return rows.is_dense() ? rows.words().data() : nullptr;
}

// Keeps the rows that have the step's word, or those that have not.
void TextMatch::keep_step(SelectedRows& rows, const Step& step, bool wanted) {
    if (rows.is_dense) {
        if (const auto* bits = bits_of(step)) {
            const ConstWords words(bits, rows.words.size());
            return wanted ? and_into(rows.words, words) : and_not_into(rows.words, words);
        }
        bits_.assign(rows.words.size(), 0);
        set_bits(step, bits_);
        return wanted ? and_into(rows.words, bits_) : and_not_into(rows.words, bits_);
    }
    marks_.assign(rows.rows.size(), 0);
    for (const auto word : step.words) segment_.rows_of(word).mark(rows.rows, marks_);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        if ((marks_[i] != 0) == wanted) rows.rows[kept++] = rows.rows[i];
    }
    rows.rows.resize(kept);
}

// Fewest rows first. `done` is the step that the rows came from.
void TextMatch::keep_steps(SelectedRows& rows, const Step* done) {
    std::vector<const Step*> steps;
    for (const auto& term : terms_) {
        if (term.is_excluded) continue;
        for (const auto& step : term.steps) {
            if (&step != done) steps.push_back(&step);
        }
    }
    std::sort(steps.begin(), steps.end(), [](const Step* a, const Step* b) { return a->rows < b->rows; });
    for (const auto* step : steps) keep_step(rows, *step, true);
    for (const auto& term : terms_) {
        if (term.is_excluded && !term.is_phrase()) keep_step(rows, term.steps.front(), false);
    }
    check_phrases(rows);
}

void TextMatch::check_phrases(SelectedRows& rows) {
    for (const auto& term : terms_) {
        if (!term.is_phrase()) continue;
        std::vector<std::span<const WordId>> steps;
        for (const auto& step : term.steps) steps.emplace_back(step.words);
        PhraseCheck phrase(segment_, std::move(steps));
        make_list(rows);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < rows.rows.size(); ++i) {
            if (i + index::prefetch_ahead < rows.rows.size()) {
                segment_.prefetch(rows.rows[i + index::prefetch_ahead]);
            }
            if (phrase.row_has_it(rows.rows[i]) != term.is_excluded) rows.rows[kept++] = rows.rows[i];
        }
        rows.rows.resize(kept);
    }
}

void TextMatch::select(SelectedRows& out) {
    if (estimate_ == 0) return;
    const Step* fewest = nullptr;
    for (const auto& term : terms_) {
        if (term.is_excluded) continue;
        for (const auto& step : term.steps) {
            if (fewest == nullptr || step.rows < fewest->rows) fewest = &step;
        }
    }
    if (terms_.size() == 1 && !terms_.front().is_phrase()) out.borrowed = bits_of(*fewest);
    if (out.borrowed != nullptr) {
        out.is_dense = true;
        return;
    }
    add(*fewest, out);
    keep_steps(out, fewest);
}

void TextMatch::keep(std::vector<Row>& candidates) {
    if (estimate_ == 0) {
        candidates.clear();
        return;
    }
    SelectedRows rows;
    rows.rows.swap(candidates);
    keep_steps(rows, nullptr);
    rows.rows.swap(candidates);
}

std::uint64_t TextSource::estimate(const index::Segment& segment) const {
    const auto* text = index::text_of(segment);
    return text == nullptr ? 0 : TextMatch(plan_, *text).estimate();
}

void TextSource::select(const index::Segment& segment, SelectedRows& out) const {
    if (const auto* text = index::text_of(segment)) TextMatch(plan_, *text).select(out);
}

void TextSource::keep(const index::Segment& segment, std::vector<Row>& rows) const {
    const auto* text = index::text_of(segment);
    if (text == nullptr) return rows.clear();
    TextMatch(plan_, *text).keep(rows);
}

}  // namespace cvstroom::search
