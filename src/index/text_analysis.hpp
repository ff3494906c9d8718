// How free text becomes words (SPEC 4, `trefwoord`): the same for a CV and for a query, so that they meet.
//
// A word is a run of letters and digits, in any script, with case and accents folded (Unicode NFKC case folding, marks
// dropped; æ, ø, ł and the like become plain letters), cut at longest_word bytes. "C++" and "C#" keep their signs.
// Dutch, French and English mix in one CV, and nobody says which word is which: a word has one stem by the rules of
// each of the three languages, and two words are inflections of one another when they have the stem of some language
// in common. Stems are a way to find words, never what is stored: phrases stay exact.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cvstroom::index {

inline constexpr std::size_t longest_word = 64;

// A word of a text: where it stands in the text, and where in TokenList::folded, both in bytes.
struct Token {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t folded_begin;
    std::uint32_t folded_end;
};

// The words of one text, in order. Reuse it: it keeps its memory.
struct TokenList {
    std::string folded;  // the folded words, one space between: texts with the same words have the same
    std::vector<Token> tokens;

    std::string_view word(std::size_t i) const {
        return std::string_view(folded).substr(tokens[i].folded_begin,
                                               tokens[i].folded_end - tokens[i].folded_begin);
    }
};

// Replaces `list` by the words of `text`. Bytes that are no UTF-8 separate words. Linear. Thread-safe.
void tokenize(std::string_view text, TokenList& list);

// The text folded, with everything but words left out; for tests and messages.
std::string fold(std::string_view text);

enum class StemLanguage : std::uint8_t { dutch, french, english };
inline constexpr std::size_t stem_languages = 3;

// A stem of one language as a number: a hash of 64 bits. That two stems of a million words share one by chance is
// less likely than one in ten million.
using StemKey = std::uint64_t;

// Not thread-safe: keep one a thread.
class Stemmer {
  public:
    Stemmer();
    ~Stemmer();

    // The stem of a folded word; valid until the next call.
    std::string_view stem(StemLanguage language, std::string_view word);
    std::array<StemKey, stem_languages> keys(std::string_view word);

  private:
    struct Algorithms;
    std::unique_ptr<Algorithms> algorithms_;
    std::string buffer_;
};

}  // namespace cvstroom::index
