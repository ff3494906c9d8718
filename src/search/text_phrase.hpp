// Do words follow each other in a text of a row?
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/text_segment.hpp"

namespace cvstroom::search {

// One phrase on one segment. What the texts that stand in many rows say is found out once, at the beginning. Not
// thread-safe.
class PhraseCheck {
  public:
    // Each step is a set of words, ascending. Pre: there are at least two steps, none empty; `segment` outlives this.
    PhraseCheck(const index::TextSegment& segment, std::vector<std::span<const index::WordId>> steps);

    bool row_has_it(index::Row row);

  private:
    std::span<const index::WordId> rarest_step() const;
    bool text_has_it(std::span<const std::uint8_t> words);

    const index::TextSegment& segment_;
    std::vector<std::span<const index::WordId>> steps_;
    std::vector<std::uint8_t> pair_has_it_;
    std::vector<index::WordId> unpacked_;  // the text at hand
};

}  // namespace cvstroom::search
