// Seeded searches, as recruiters mix them, by class.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/search/corpus.hpp"
#include "search/plan.hpp"

namespace cvstroom::bench {

struct Query {
    std::string kind;  // its class
    search::Plan plan;
    // What the plan takes from sources (free text, a radius), as other engines know it: lists of which one word must be
    // there. They are spared looking up which words are inflections of one another, and which places lie in a circle.
    std::vector<std::vector<std::string>> word_lists;
    std::uint64_t offset = 0;
    std::uint32_t count = 20;
};

// `count` searches, the same for the same corpus and seed: a share of each class.
std::vector<Query> make_queries(std::size_t count, const Corpus& corpus, const index::Index& index,
                                const reference::Places& places, std::uint64_t seed);

// The words that other engines look for: of each list, with a ' ' between, one must be there.
std::vector<std::string> clauses_of(const Query& query, const index::Dictionary& dictionary);

// A query as other engines read it, on one line: offset, count, first seq, clauses with a ';' between (each the words
// of which one must be there, with a ' ' between), and the excluded words; a tab between each.
std::string line_of(const Query& query, const index::Dictionary& dictionary);

}  // namespace cvstroom::bench
