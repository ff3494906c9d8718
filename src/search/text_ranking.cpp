#include "search/text_ranking.hpp"

#include <algorithm>
#include <cmath>

#include "index/text_extension.hpp"

namespace cvstroom::search {

TextRanker::TextRanker(const TextPlan& plan, const index::Snapshot& snapshot) : plan_(plan), snapshot_(snapshot) {
    collect_steps();
    frequencies_.resize(steps_.size());
    std::vector<double> rows_with(steps_.size(), 0);
    double rows = 0;
    double length = 0;
    std::vector<index::WordId> words;
    for (const auto& part : snapshot.parts) {
        const auto* text = index::text_of(*part.segment);
        if (text == nullptr) continue;
        rows += text->size();
        for (std::size_t field = 0; field < index::text_fields; ++field) {
            length += static_cast<double>(text->field_lengths()[field]) * index::field_weights[field];
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
    weigh_words();
    weigh_pairs();
}

void TextRanker::Additions::reset(std::size_t count) {
    places.assign(count, 0);
    values.assign(1, 0.0F);  // place 0 says that there is nothing
}

float* TextRanker::Additions::of(std::uint32_t number, std::size_t steps) {
    if (places[number] == 0) {
        places[number] = static_cast<std::uint32_t>(values.size());
        values.resize(values.size() + steps, 0.0F);
    }
    return values.data() + places[number];
}

void TextRanker::weigh_words() {
    words_.reset(segment_->words());
    std::vector<index::WordId> words;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const auto& step = plan_.query().terms[steps_[i].first].steps[steps_[i].second];
        plan_.words_of(steps_[i].first, steps_[i].second, *segment_, words);
        for (const auto word : words) {
            const bool is_itself = segment_->word(word) == step.word;
            words_.of(word, steps_.size())[i] = is_itself ? 1.0F : inflection_weight;
        }
    }
}

// What each pair with a word of the query adds; rows then only look their pairs up.
void TextRanker::weigh_pairs() {
    pairs_.reset(segment_->pairs());
    for (index::WordId word = 0; word < words_.places.size(); ++word) {
        if (words_.places[word] == 0) continue;
        segment_->each_pair_with(word, [this](index::PairId pair) {
            if (pairs_.places[pair] != 0) return;
            float* const sums = pairs_.of(pair, steps_.size());
            add_text(segment_->words_of_pair(pair), segment_->field_of_pair(pair), sums);
        });
    }
}

void TextRanker::add_text(std::span<const std::uint8_t> words, index::TextField field, float* sums) const {
    const float weight = index::field_weights[static_cast<std::size_t>(field)];
    index::each_word(words, [&](index::WordId word) {
        if (const auto place = words_.places[word]; place != 0) add(words_.values.data() + place, weight, sums);
    });
}

float TextRanker::score(index::Row row) {
    if (segment_ == nullptr) return 0;
    std::fill(frequencies_.begin(), frequencies_.end(), 0.0F);
    segment_->row_texts().each(
        row,
        [this](index::PairId pair) {
            if (const auto place = pairs_.places[pair]; place != 0) {
                add(pairs_.values.data() + place, 1.0F, frequencies_.data());
            }
        },
        [this](const index::OwnText& text) { add_text(text.words, text.field, frequencies_.data()); });
    const auto length = static_cast<float>(segment_->row_texts().length(row));
    const float norm = bm25_k1 * (1 - bm25_b + bm25_b * length / average_length_);
    float sum = 0;
    for (std::size_t i = 0; i < frequencies_.size(); ++i) {
        sum += rarity_[i] * frequencies_[i] * (bm25_k1 + 1) / (frequencies_[i] + norm);
    }
    return sum;
}

}  // namespace cvstroom::search
