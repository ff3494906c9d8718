#include "bench/search/queries.hpp"

#include <algorithm>
#include <random>

#include "search/engine.hpp"

namespace cvstroom::bench {
namespace {

using index::CodeNumber;
using index::Dimension;
using search::CodeAtLeast;

class Maker {
  public:
    Maker(const Corpus& corpus, const index::Index& index, std::uint64_t seed)
        : corpus_(corpus), index_(index), segment_(*index.snapshot()->parts.front().segment), random_(seed) {
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
        switch (number % 12) {
            case 0:
                query.kind = "one, frequent";
                add(plan, pick(frequent_));
                break;
            case 1:
                query.kind = "one, rare";
                add(plan, pick(number % 24 < 12 ? rare_ : middle_));
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
    void add_of_one_cv(search::Plan& plan, std::uint64_t count) {
        auto terms = corpus_.terms(below(corpus_.size()));
        std::shuffle(terms.begin(), terms.end(), random_);
        for (const auto term : terms) {
            const auto code = static_cast<CodeNumber>(term >> 16U);
            if (index_.dictionary().code(code).empty()) continue;
            if (plan.clauses.size() == count) break;
            add(plan, code);
        }
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
                                std::uint64_t seed) {
    Maker maker(corpus, index, seed);
    std::vector<Query> queries;
    for (std::size_t n = 0; n < count; ++n) queries.push_back(maker.make(n));
    std::shuffle(queries.begin(), queries.end(), std::mt19937_64(seed));
    return queries;
}

std::string line_of(const Query& query, const index::Dictionary& dictionary) {
    std::string line = std::to_string(query.offset) + "\t" + std::to_string(query.count) + "\t" +
                       std::to_string(query.plan.from) + "\t";
    for (std::size_t i = 0; i < query.plan.clauses.size(); ++i) {
        if (i > 0) line += ';';
        line += words_of(query.plan.clauses[i].any_of, dictionary);
    }
    return line + "\t" + words_of(query.plan.excluded, dictionary);
}

}  // namespace cvstroom::bench
