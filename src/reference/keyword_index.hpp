// Finds the codes of a list by a keyword (SPEC 6: the best ten).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "reference/code_list.hpp"

namespace cvstroom::reference {

// Every word of the keyword must be found in one label (Dutch, French or English) or in the code, in any order: as a
// whole word, as the beginning of one, inside one (Dutch writes "handelsingenieur" as one word), or misspelt (one edit
// from four letters on, two from eight on; two neighbours swapped count as one). Ranked by how well the words fit, then
// by how much of the label they cover, then by the list's own order. A code that took the place of one that is found
// comes right after it. Immutable, thread-safe.
class KeywordIndex {
  public:
    static constexpr std::size_t most_words = 8;  // of a keyword; further ones are not looked at

    // `list` must outlive the index. O(words in the list).
    explicit KeywordIndex(const CodeList& list);

    // Positions in list.items(), best first, at most `most`. A keyword without letters or digits finds nothing.
    std::vector<std::size_t> best(std::string_view keyword, std::size_t most) const;

  private:
    using WordId = std::uint32_t;
    struct Word {
        std::string text;
        std::uint64_t letters = 0;         // which letters and digits occur, a bit each: rejects most words at once
        std::vector<std::uint32_t> lines;  // that it stands in, ascending
    };
    // A label or a code of an item.
    struct Line {
        std::uint32_t item = 0;
        std::uint32_t words = 0;
    };

    void add_line(std::size_t item, std::string_view text);
    // How well `asked` fits each line; only lines that it fits.
    std::unordered_map<std::uint32_t, int> lines_with(const std::string& asked) const;
    std::vector<std::size_t> with_successors(const std::vector<std::size_t>& ranked, std::size_t most) const;

    const CodeList& list_;
    std::vector<Word> words_;
    std::unordered_map<std::string, WordId> by_text_;
    std::vector<Line> lines_;
};

}  // namespace cvstroom::reference
