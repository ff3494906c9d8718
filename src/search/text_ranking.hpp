// How well a CV fits a text query: BM25F (Robertson, Zaragoza and Taylor, 2004), that is BM25 over the fields taken
// together, each word weighing as much as its field.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "index/snapshot.hpp"
#include "index/text_segment.hpp"
#include "search/text_match.hpp"

namespace cvstroom::search {

// A title says more of a CV than the name of an employer does. By TextField.
inline constexpr std::array<float, index::text_fields> field_weights{4, 2, 2, 1};
inline constexpr float bm25_k1 = 1.2F;  // how soon repeating a word stops counting
inline constexpr float bm25_b = 0.75F;  // how much a long CV must repeat it more
// An inflection of a word counts less than the word itself.
inline constexpr float inflection_weight = 0.75F;

// Scores rows of one snapshot for one query. The frequencies are those of the snapshot, superseded versions that no
// merge has removed yet among them. Not thread-safe; plan and snapshot outlive it.
class TextRanker {
  public:
    TextRanker(const TextPlan& plan, const index::Snapshot& snapshot);
    ~TextRanker();

    // Rows of this part are scored from now on; its position in Snapshot::parts.
    void enter(std::size_t part);

    // More is better; not negative. Only what is not excluded counts.
    float score(index::Row row);
    // Says that the row will be scored soon.
    void prefetch(index::Row row) const {
        if (segment_ != nullptr) segment_->prefetch(row);
    }

  private:
    // What one text adds for each step, and its number of words.
    struct Known {
        std::uint32_t hits = 0;  // 0: not asked yet; 1: none; else where in hits_ the steps' counts begin, plus 2
        std::uint32_t words = 0;
    };
    struct Weight {
        index::WordId word;
        std::uint32_t step;
        float weight;
    };

    void collect_steps();
    void weigh_words();
    const Known& known_of(const index::RowText& text);
    Known count(std::span<const std::uint8_t> words, std::vector<float>& counts);

    const TextPlan& plan_;
    const index::Snapshot& snapshot_;
    std::vector<std::pair<std::size_t, std::size_t>> steps_;  // the (term, step) that count
    std::vector<float> rarity_;                               // by step: the inverse document frequency
    float average_length_ = 1;                                // of a row, its words weighted by field

    const index::TextSegment* segment_ = nullptr;
    std::vector<Weight> weights_;  // by word, ascending
    std::vector<Known> known_;     // by text
    std::vector<float> hits_;
    std::vector<float> counts_;
    std::vector<float> frequencies_;
};

}  // namespace cvstroom::search
