#include "search/text_ranking.hpp"

#include <algorithm>
#include <cmath>

#include "index/text_extension.hpp"

namespace cvstroom::search {

TextRanker::TextRanker(const TextPlan& plan, const index::Snapshot& snapshot) : plan_(plan), snapshot_(snapshot) {
    collect_steps();
    frequencies_.resize(steps_.size());
    counts_.resize(steps_.size());
    std::vector<double> rows_with(steps_.size(), 0);
    double rows = 0;
    double length = 0;
    std::vector<index::WordId> words;
    for (const auto& part : snapshot.parts) {
        const auto* text = index::text_of(*part.segment);
        if (text == nullptr) continue;
        rows += text->size();
        for (std::size_t field = 0; field < field_weights.size(); ++field) {
            length += static_cast<double>(text->field_lengths()[field]) * field_weights[field];
        }
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            plan.words_of(steps_[i].first, steps_[i].second, *text, words);
            for (const auto word : words) rows_with[i] += text->rows_with(word);
        }
    }
    if (rows > 0 && length > 0) average_length_ = static_cast<float>(length / rows);
    for (const double each : rows_with) {
        const double with = std::min(each, rows);  // a row may have several of the words
        rarity_.push_back(static_cast<float>(std::log(1 + (rows - with + 0.5) / (with + 0.5))));
    }
}

TextRanker::~TextRanker() = default;

void TextRanker::collect_steps() {
    const auto& terms = plan_.query().terms;
    for (std::size_t term = 0; term < terms.size(); ++term) {
        if (terms[term].is_excluded) continue;
        for (std::size_t step = 0; step < terms[term].steps.size(); ++step) steps_.emplace_back(term, step);
    }
}

void TextRanker::enter(std::size_t part) {
    segment_ = index::text_of(*snapshot_.parts[part].segment);
    if (segment_ == nullptr) return;
    known_.assign(segment_->texts(), Known{});
    hits_.clear();
    weigh_words();
}

void TextRanker::weigh_words() {
    weights_.clear();
    std::vector<index::WordId> words;
    for (std::uint32_t i = 0; i < steps_.size(); ++i) {
        const auto& step = plan_.query().terms[steps_[i].first].steps[steps_[i].second];
        plan_.words_of(steps_[i].first, steps_[i].second, *segment_, words);
        for (const auto word : words) {
            const bool is_itself = segment_->word(word) == step.word;
            weights_.push_back({word, i, is_itself ? 1.0F : inflection_weight});
        }
    }
    std::sort(weights_.begin(), weights_.end(), [](const auto& a, const auto& b) { return a.word < b.word; });
}

TextRanker::Known TextRanker::count(std::span<const std::uint8_t> words, std::vector<float>& counts) {
    Known found{1, 0};
    index::each_word(words, [&](index::WordId word) {
        ++found.words;
        auto at = std::lower_bound(weights_.begin(), weights_.end(), word,
                                   [](const Weight& weight, index::WordId wanted) { return weight.word < wanted; });
        for (; at != weights_.end() && at->word == word; ++at) {
            if (found.hits == 1) counts.assign(steps_.size(), 0);
            found.hits = 2;
            counts[at->step] += at->weight;
        }
    });
    return found;
}

const TextRanker::Known& TextRanker::known_of(const index::RowText& text) {
    auto& known = known_[text.text];
    if (known.hits != 0) return known;
    known = count(text.words, counts_);
    if (known.hits == 2) {
        known.hits = static_cast<std::uint32_t>(hits_.size()) + 2;
        hits_.insert(hits_.end(), counts_.begin(), counts_.end());
    }
    return known;
}

float TextRanker::score(index::Row row) {
    if (segment_ == nullptr) return 0;
    std::fill(frequencies_.begin(), frequencies_.end(), 0.0F);
    float length = 0;
    segment_->each_text(row, [&](const index::RowText& text) {
        const float weight = field_weights[static_cast<std::size_t>(text.field)];
        const bool is_shared = text.text != index::no_text;
        const Known known = is_shared ? known_of(text) : count(text.words, counts_);
        length += weight * static_cast<float>(known.words);
        if (known.hits == 1) return;
        const float* counts = is_shared ? hits_.data() + (known.hits - 2) : counts_.data();
        for (std::size_t i = 0; i < frequencies_.size(); ++i) frequencies_[i] += weight * counts[i];
    });
    const float norm = bm25_k1 * (1 - bm25_b + bm25_b * length / average_length_);
    float sum = 0;
    for (std::size_t i = 0; i < frequencies_.size(); ++i) {
        sum += rarity_[i] * frequencies_[i] * (bm25_k1 + 1) / (frequencies_[i] + norm);
    }
    return sum;
}

}  // namespace cvstroom::search
