#include "search/text_reader.hpp"

#include <algorithm>

namespace cvstroom::search {
namespace {

bool has_inflections(const TextQuery& query) {
    for (const auto& term : query.terms) {
        for (const auto& step : term.steps) {
            if (step.how == TextStep::How::inflected) return true;
        }
    }
    return false;
}

}  // namespace

TextReader::TextReader(const TextQuery& query, const candidate::Facts& facts) : query_(query), facts_(facts) {
    index::Stemmer stemmer;
    const bool needs_stems = has_inflections(query);
    for (const auto& term : query.terms) {
        auto& keys = stems_of_query_.emplace_back();
        for (const auto& step : term.steps) keys.push_back(stemmer.keys(step.word));
    }
    texts_.resize(facts.texts.size());
    for (std::size_t i = 0; i < texts_.size(); ++i) {
        auto& text = texts_[i];
        index::tokenize(facts.texts[i].text, text.words);
        for (std::size_t word = 0; needs_stems && word < text.words.tokens.size(); ++word) {
            text.keys.push_back(stemmer.keys(text.words.word(word)));
        }
    }
}

bool TextReader::is_meant(const ReadText& text, std::size_t word, std::size_t term, std::size_t step) const {
    const TextStep& wanted = query_.terms[term].steps[step];
    const auto folded = text.words.word(word);
    if (wanted.how == TextStep::How::prefix) return folded.starts_with(wanted.word);
    if (folded == wanted.word) return true;
    if (wanted.how == TextStep::How::exact) return false;
    const auto& mine = text.keys[word];
    const auto& theirs = stems_of_query_[term][step];
    for (std::size_t language = 0; language < mine.size(); ++language) {
        if (mine[language] == theirs[language]) return true;
    }
    return false;
}

std::vector<TextReader::Place> TextReader::find(std::size_t term, std::size_t most) const {
    std::vector<Place> places;
    const std::size_t steps = query_.terms[term].steps.size();
    for (std::size_t i = 0; i < texts_.size() && places.size() < most; ++i) {
        const auto& tokens = texts_[i].words.tokens;
        for (std::size_t begin = 0; begin + steps <= tokens.size(); ++begin) {
            std::size_t step = 0;
            while (step < steps && is_meant(texts_[i], begin + step, term, step)) ++step;
            if (step < steps) continue;
            const auto from = tokens[begin].begin;
            places.push_back(
                {&facts_.texts[i], facts_.texts[i].text.substr(from, tokens[begin + steps - 1].end - from)});
            break;  // the next place is in another text
        }
    }
    return places;
}

}  // namespace cvstroom::search
