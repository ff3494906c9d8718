// A text query on one document, by reading it: to explain a match, or where no index has the document.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "candidate/facts.hpp"
#include "index/text_analysis.hpp"
#include "search/text_query.hpp"

namespace cvstroom::search {

// Not thread-safe. The query and the facts outlive it.
class TextReader {
  public:
    TextReader(const TextQuery& query, const candidate::Facts& facts);

    struct Place {
        const candidate::FreeText* text;
        std::string_view found;  // a part of text->text: the word or words as they stand there
    };
    // Where the term stands: at most `most` places, in the order of the document.
    std::vector<Place> find(std::size_t term, std::size_t most) const;

  private:
    using StemKeys = std::array<index::StemKey, index::stem_languages>;
    struct ReadText {
        index::TokenList words;
        std::vector<StemKeys> keys;  // of each word, when the query has inflected steps
    };

    bool is_meant(const ReadText& text, std::size_t word, std::size_t term, std::size_t step) const;

    const TextQuery& query_;
    const candidate::Facts& facts_;
    std::vector<ReadText> texts_;                        // as facts.texts
    std::vector<std::vector<StemKeys>> stems_of_query_;  // by term and step
};

}  // namespace cvstroom::search
