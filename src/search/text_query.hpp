// What `trefwoord` asks for (SPEC 4): the language of words, and its parser. docs/search.md explains it to users.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/local_text.hpp"
#include "index/text_analysis.hpp"

namespace cvstroom::search {

// One word of a query.
struct TextStep {
    enum class How : std::uint8_t {
        inflected,  // the word, or one that has a stem in common with it
        exact,      // the word itself: inside quotes
        prefix,     // every word that begins with it
    };
    std::string word;  // folded, never empty
    How how = How::inflected;
    bool operator==(const TextStep&) const = default;
};

// A word, or several that must follow each other in one text: a quoted phrase, or a word of several parts
// ("supply-chain").
struct TextTerm {
    std::vector<TextStep> steps;  // never empty
    bool is_excluded = false;
    std::string typed;  // as it stood in the query, for messages and explanations
    bool operator==(const TextTerm&) const = default;
};

// A CV matches when it has every term, each somewhere in its texts, and none of the excluded ones.
struct TextQuery {
    std::vector<TextTerm> terms;  // at least one is not excluded
    bool operator==(const TextQuery&) const = default;
};

inline constexpr std::size_t most_query_words = 20;
inline constexpr std::size_t least_prefix_letters = 3;

// Reads a query. What is wrong with it goes to `faults` (all of it), and then the query is not to be used.
// Terms stand between spaces. "-" before a term excludes it; quotes (also “ ” „ « ») hold an exact phrase; "*" at the
// end of a word finds every word that begins so. Never throws; linear in the text.
TextQuery parse_text_query(std::string_view text, std::vector<LocalText>& faults);

// The query with its last word taken as the beginning of a word, when that makes a difference: that word is not
// excluded, not quoted, no prefix yet, and has least_prefix_letters. Otherwise nothing has changed and it is false.
bool extend_last_word(TextQuery& query);

// The query as text that parses to it again.
std::string to_string(const TextQuery& query);

}  // namespace cvstroom::search
