// Generated CVs as every engine of the benchmark gets them: the terms of our own index, and the same as words.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "index/dictionary.hpp"
#include "index/index.hpp"
#include "reference/reference.hpp"
#include "sandbox/generator.hpp"

namespace cvstroom::bench {

// A code with the least rank that is asked for, as other engines know it: a word. Every CV has the word of each rank up
// to its own, so that "at least" is one look-up for them too. A study has only "obtained" beside its code.
std::string word_of(const index::Dictionary& dictionary, index::CodeNumber code, std::uint16_t rank);

// The same for a word of free text, and for the place that a CV is at.
std::string word_of_text(std::string_view word);
std::string word_of_postcode(index::Postcode postcode);

class Corpus {
  public:
    // Generates CVs 0 to count - 1 with the seed of `cvstroom generate`, on all cores. CV n has seq n + 1.
    static Corpus make(std::uint64_t count, const reference::ReferenceData& lists, const sandbox::Generator& generator,
                       index::Index& index);

    std::uint64_t size() const { return documents_.size(); }
    const std::vector<index::TermKey>& terms(std::uint64_t number) const { return documents_[number].terms; }

    index::Postcode postcode(std::uint64_t number) const { return documents_[number].postcode; }
    // The different folded words of its free text; views of this.
    std::vector<std::string_view> text_words(std::uint64_t number) const;

    // Applies all CVs to the index of make() as one rebuild would. Returns the seconds that it took.
    double build(index::Index& index) const;

    // One CV a line, the newest first: its seq, a tab, and its words with a space between.
    void write_words(const std::filesystem::path& file, const index::Dictionary& dictionary) const;

    static index::RowData row(std::uint64_t number);

  private:
    void renumber(const index::Dictionary& found, index::Dictionary& sorted);

    std::vector<index::DocumentTerms> documents_;
};

}  // namespace cvstroom::bench
