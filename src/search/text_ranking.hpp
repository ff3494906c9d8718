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
        if (segment_ != nullptr) segment_->row_texts().prefetch(row);
    }

  private:
    // What words, or (field, text) pairs, add to each step. Most add nothing.
    struct Additions {
        std::vector<std::uint32_t> places;  // by number: where in `values` its additions begin; 0: it adds nothing
        std::vector<float> values;          // by step

        void reset(std::size_t count);
        // The additions of a number, which it has from now on; valid until the next call.
        float* of(std::uint32_t number, std::size_t steps);
    };

    void collect_steps();
    void weigh_words();
    void weigh_pairs();
    void add_text(std::span<const std::uint8_t> words, index::TextField field, float* sums) const;
    void add(const float* additions, float weight, float* sums) const {
        for (std::size_t i = 0; i < steps_.size(); ++i) sums[i] += weight * additions[i];
    }

    const TextPlan& plan_;
    const index::Snapshot& snapshot_;
    std::vector<std::pair<std::size_t, std::size_t>> steps_;  // the (term, step) that count
    std::vector<float> rarity_;                               // by step: the inverse document frequency
    float average_length_ = 1;                                // of a row, its words weighted by field

    const index::TextSegment* segment_ = nullptr;
    Additions words_;
    Additions pairs_;
    std::vector<float> frequencies_;  // by step: of the row at hand
};

}  // namespace cvstroom::search
