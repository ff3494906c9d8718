#include "bench/search/queries.hpp"

#include <algorithm>
#include <array>
#include <random>

#include "index/text_extension.hpp"
#include "search/distance.hpp"
#include "search/engine.hpp"
#include "search/text_match.hpp"

namespace cvstroom::bench {
namespace {

using index::CodeNumber;
using index::Dimension;
using search::CodeAtLeast;

constexpr std::size_t classes = 17;

class Maker {
  public:
    Maker(const Corpus& corpus, const index::Index& index, const reference::Places& places, std::uint64_t seed)
        : corpus_(corpus),
          index_(index),
          places_(places),
          segment_(*index.snapshot()->parts.front().segment),
          random_(seed) {
        for (const auto& code : segment_.codes()) {
            if (index.dictionary().code(code.code).empty()) continue;  // any_code: nobody asks for it
            auto& group = code.rows * 32ULL > segment_.size()     ? frequent_
                          : code.rows * 1000ULL > segment_.size() ? middle_
                                                                  : rare_;
            group.push_back(code.code);
        }
    }

    // Every class as often as every other.
    Query make(std::size_t number) {
        Query query;
        auto& plan = query.plan;
        switch (number % classes) {
            case 0:
                query.kind = "one, frequent";
                add(plan, pick(frequent_));
                break;
            case 1:
                query.kind = "one, rare";
                add(plan, pick(below(2) == 0 ? rare_ : middle_));
                break;
            case 2:
                query.kind = "two, frequent";
                add(plan, pick(frequent_));
                add(plan, pick(frequent_));
                break;
            case 3:
                query.kind = "frequent and rare";
                add(plan, pick(middle_));
                add(plan, pick(frequent_));
                break;
            case 4:
                query.kind = "three, of one CV";
                add_of_one_cv(plan, 3);
                break;
            case 5:
                query.kind = "four to six, of one CV";
                add_of_one_cv(plan, 4 + below(3));
                break;
            case 6:
                query.kind = "OR list";
                add_list(plan, 3 + below(18));
                if (below(2) == 0) add(plan, pick(frequent_));
                break;
            case 7:
                query.kind = "levels";
                add_level(plan, Dimension::language);
                add_level(plan, below(2) == 0 ? Dimension::competence : Dimension::profession);
                if (below(2) == 0) add_level(plan, Dimension::study);
                break;
            case 8:
                query.kind = "exclusion";
                add_of_one_cv(plan, 2);
                plan.excluded.push_back({pick(frequent_), 0});
                if (below(2) == 0) plan.excluded.push_back({pick(middle_), 0});
                break;
            case 9:
                query.kind = "changed since";
                plan.from =
                    1 + segment_.size() - std::min<std::uint64_t>(segment_.size(), 1 + below(segment_.size() / 20));
                add_of_one_cv(plan, 1 + below(2));
                break;
            case 10:
                query.kind = "deep page";
                add(plan, pick(frequent_));
                if (below(2) == 0) add(plan, pick(frequent_));
                query.offset = deep_offset(plan);
                break;
            case 11:
                query.kind = "word of a text";
                add_words(query, below(corpus_.size()), 1);
                break;
            case 12:
                query.kind = "two words of a text";
                add_words(query, below(corpus_.size()), 2);
                break;
            case 13: {
                query.kind = "word and codes, of one CV";
                const auto cv = below(corpus_.size());
                add_of_one_cv(plan, cv, 1 + below(3));
                add_words(query, cv, 1);
                break;
            }
            case 14:
                query.kind = "radius";
                add_radius(query, below(corpus_.size()));
                break;
            case 15: {
                query.kind = "radius and codes, of one CV";
                const auto cv = below(corpus_.size());
                add_of_one_cv(plan, cv, 1 + below(3));
                add_radius(query, cv);
                break;
            }
            default:
                query.kind = "three frequent, one list";
                add(plan, pick(frequent_));
                add(plan, pick(frequent_));
                add(plan, pick(frequent_));
                add_list(plan, 5);
        }
        return query;
    }

  private:
    std::uint64_t below(std::uint64_t count) { return random_() % count; }
    CodeNumber pick(const std::vector<CodeNumber>& from) { return from[below(from.size())]; }
    static void add(search::Plan& plan, CodeNumber code, std::uint16_t rank = 0) {
        plan.clauses.push_back({{{code, rank}}, std::nullopt, nullptr});
    }
    // Different codes that a CV has, so that the answer is not empty.
    void add_of_one_cv(search::Plan& plan, std::uint64_t count) { add_of_one_cv(plan, below(corpus_.size()), count); }
    void add_of_one_cv(search::Plan& plan, std::uint64_t cv, std::uint64_t count) {
        auto terms = corpus_.terms(cv);
        std::shuffle(terms.begin(), terms.end(), random_);
        for (const auto term : terms) {
            const auto code = static_cast<CodeNumber>(term >> 16U);
            if (index_.dictionary().code(code).empty()) continue;
            if (plan.clauses.size() == count) break;
            add(plan, code);
        }
    }
    // Words of a CV's text with their inflections, as somebody types them.
    void add_words(Query& query, std::uint64_t cv, std::size_t count) {
        constexpr std::size_t least_letters = 4;
        auto words = corpus_.text_words(cv);
        std::erase_if(words, [](std::string_view word) { return word.size() < least_letters; });
        std::shuffle(words.begin(), words.end(), random_);
        std::string typed;
        for (std::size_t i = 0; i < std::min(count, words.size()); ++i) typed.append(words[i]).append(" ");
        std::vector<LocalText> faults;
        auto source = std::make_shared<search::TextSource>(search::parse_text_query(typed, faults));
        if (!faults.empty() || typed.empty()) return add(query.plan, pick(frequent_));
        const auto& text = *index::text_of(segment_);
        std::vector<index::WordId> found;
        for (std::size_t term = 0; term < source->plan().query().terms.size(); ++term) {
            source->plan().words_of(term, 0, text, found);
            auto& list = query.word_lists.emplace_back();
            for (const auto word : found) list.push_back(word_of_text(text.word(word)));
        }
        query.plan.clauses.push_back({{}, std::nullopt, std::move(source)});
    }
    // Around where a CV is.
    void add_radius(Query& query, std::uint64_t cv) {
        const std::array<std::uint32_t, 5> radii{5, 10, 20, 30, 50};
        const auto centre = places_.knows(corpus_.postcode(cv)) ? corpus_.postcode(cv) : reference::Postcode{2800};
        const auto kilometres = radii[below(radii.size())];
        const auto distances = places_.distances(centre);
        auto& list = query.word_lists.emplace_back();
        for (std::size_t postcode = 0; postcode < distances.size(); ++postcode) {
            if (distances[postcode] > kilometres * 1000) continue;
            list.push_back(word_of_postcode(static_cast<index::Postcode>(postcode)));
        }
        query.plan.clauses.push_back(
            {{}, std::nullopt, std::make_shared<search::RadiusSource>(distances, kilometres, false)});
    }
    void add_list(search::Plan& plan, std::uint64_t count) {
        const auto dimension = index_.dictionary().dimension(below(3) == 0 ? pick(rare_) : pick(middle_));
        const auto codes = index_.dictionary().codes_of(dimension);
        search::Clause clause;
        for (std::uint64_t n = 0; n < count; ++n) {
            const auto code = codes[below(codes.size())];
            const bool is_there = std::any_of(clause.any_of.begin(), clause.any_of.end(),
                                              [code](const CodeAtLeast& each) { return each.code == code; });
            if (!is_there) clause.any_of.push_back({code, 0});
        }
        plan.clauses.push_back(std::move(clause));
    }
    // A code of the dimension that some CV has, with a rank that the CV reaches; other engines know only the first
    // rank of a study.
    void add_level(search::Plan& plan, Dimension dimension) {
        for (int attempt = 0; attempt < 1000; ++attempt) {
            for (const auto term : corpus_.terms(below(corpus_.size()))) {
                const auto code = static_cast<CodeNumber>(term >> 16U);
                const auto rank = static_cast<std::uint16_t>(term);
                if (rank == 0 || index_.dictionary().dimension(code) != dimension || below(3) == 0) continue;
                return add(plan, code, dimension == Dimension::study ? std::uint16_t{1} : rank);
            }
        }
    }
    std::uint64_t deep_offset(const search::Plan& plan) {
        const auto total = search::run(plan, *index_.snapshot(), 0, 0).total;
        return total == 0 ? 0 : below(total);
    }

    const Corpus& corpus_;
    const index::Index& index_;
    const reference::Places& places_;
    const index::Segment& segment_;
    std::mt19937_64 random_;
    std::vector<CodeNumber> frequent_;
    std::vector<CodeNumber> middle_;
    std::vector<CodeNumber> rare_;
};

std::string words_of(const std::vector<CodeAtLeast>& codes, const index::Dictionary& dictionary) {
    std::string words;
    for (const auto& [code, rank] : codes) {
        if (!words.empty()) words += ' ';
        words += word_of(dictionary, code, rank);
    }
    return words;
}

}  // namespace

std::vector<Query> make_queries(std::size_t count, const Corpus& corpus, const index::Index& index,
                                const reference::Places& places, std::uint64_t seed) {
    Maker maker(corpus, index, places, seed);
    std::vector<Query> queries;
    for (std::size_t n = 0; n < count; ++n) queries.push_back(maker.make(n));
    std::shuffle(queries.begin(), queries.end(), std::mt19937_64(seed));
    return queries;
}

std::vector<std::string> clauses_of(const Query& query, const index::Dictionary& dictionary) {
    std::vector<std::string> clauses;
    for (const auto& clause : query.plan.clauses) {
        if (!clause.rows) clauses.push_back(words_of(clause.any_of, dictionary));
    }
    for (const auto& list : query.word_lists) {
        auto& words = clauses.emplace_back();
        for (const auto& word : list) words += (words.empty() ? "" : " ") + word;
    }
    return clauses;
}

std::string line_of(const Query& query, const index::Dictionary& dictionary) {
    std::string line = std::to_string(query.offset) + "\t" + std::to_string(query.count) + "\t" +
                       std::to_string(query.plan.from) + "\t";
    std::string clauses;
    for (const auto& list : clauses_of(query, dictionary)) clauses += (clauses.empty() ? "" : ";") + list;
    line += clauses;
    return line + "\t" + words_of(query.plan.excluded, dictionary);
}

}  // namespace cvstroom::bench
