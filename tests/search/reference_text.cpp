#include "tests/search/reference_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "index/text_analysis.hpp"

namespace cvstroom::test {
namespace {

using search::TextStep;

void add(const std::optional<std::string>& text, std::vector<std::string>& texts) {
    if (text && !text->empty()) texts.push_back(*text);
}

bool is_meant(std::string_view word, const TextStep& step) {
    if (step.how == TextStep::How::prefix) return word.starts_with(step.word);
    if (word == step.word) return true;
    if (step.how == TextStep::How::exact) return false;
    static thread_local index::Stemmer stemmer;
    for (const auto language :
         {index::StemLanguage::dutch, index::StemLanguage::french, index::StemLanguage::english}) {
        const std::string mine(stemmer.stem(language, word));
        if (mine == stemmer.stem(language, step.word)) return true;
    }
    return false;
}

bool has_term(const std::string& text, const search::TextTerm& term) {
    const std::string folded = index::fold(text);
    const auto words = split(folded, ' ');
    for (std::size_t begin = 0; begin + term.steps.size() <= words.size(); ++begin) {
        bool all = true;
        for (std::size_t i = 0; i < term.steps.size(); ++i) all = all && is_meant(words[begin + i], term.steps[i]);
        if (all) return true;
    }
    return false;
}

}  // namespace

std::vector<std::string> texts_of(const candidate::Candidate& candidate) {
    std::vector<std::string> texts;
    for (const auto& each : candidate.experiences.value_or(std::vector<candidate::Experience>{})) {
        add(each.title, texts);
        if (each.employer) add(each.employer->name, texts);
    }
    for (const auto& each : candidate.educations.value_or(std::vector<candidate::Education>{})) {
        add(each.information, texts);
        if (each.type == "cursus") add(each.name, texts);
    }
    for (const auto& each : candidate.competences.value_or(std::vector<candidate::Competence>{})) {
        if (each.type != "vrijeCompetentie") continue;
        add(each.name, texts);
        add(each.description, texts);
    }
    if (candidate.wanted_job) {
        for (const auto& each : candidate.wanted_job->functions.value_or(std::vector<candidate::WantedFunction>{})) {
            add(each.title, texts);
        }
    }
    return texts;
}

bool matches(const candidate::Candidate& candidate, const search::TextQuery& query) {
    const auto texts = texts_of(candidate);
    return std::all_of(query.terms.begin(), query.terms.end(), [&](const search::TextTerm& term) {
        const bool has_it =
            std::any_of(texts.begin(), texts.end(), [&](const std::string& text) { return has_term(text, term); });
        return has_it != term.is_excluded;
    });
}

std::string postcode_of(const candidate::Candidate& candidate) {
    if (!candidate.person) return {};
    for (const auto* address : {&candidate.person->contact_address, &candidate.person->official_address}) {
        if (*address && (*address)->postcode) return *(*address)->postcode;
    }
    return {};
}

bool lies_within(const candidate::Candidate& candidate, const search::Around& around, bool keep_unknown,
                 const reference::Places& places) {
    if (!around.kilometres) return true;
    const auto postcode = postcode_of(candidate);
    const bool is_belgian = postcode.starts_with("BE-");
    const auto distance = places.distance(
        around.centre, is_belgian ? static_cast<reference::Postcode>(std::stoi(postcode.substr(3))) : 0);
    return distance ? *distance <= *around.kilometres : keep_unknown;
}

}  // namespace cvstroom::test
