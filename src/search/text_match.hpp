// Which rows of a segment a text query matches.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "index/text_segment.hpp"
#include "search/row_source.hpp"
#include "search/text_query.hpp"

namespace cvstroom::search {

// A query made ready for any segment. Immutable, thread-safe.
class TextPlan {
  public:
    explicit TextPlan(TextQuery query);

    const TextQuery& query() const { return query_; }

    // The words of the segment that the step stands for, ascending, without repetition. Returns the step's own word,
    // when the segment has it.
    std::optional<index::WordId> words_of(std::size_t term, std::size_t step, const index::TextSegment& segment,
                                          std::vector<index::WordId>& words) const;

  private:
    using StemKeys = std::array<index::StemKey, index::stem_languages>;

    TextQuery query_;
    std::vector<std::vector<StemKeys>> keys_;  // by term and step; of the inflected steps
};

// The text query as clauses of a plan: one for each word that is asked for. Segments without text match nothing.
class TextSource final : public RowSource {
  public:
    explicit TextSource(TextQuery query) : plan_(std::move(query)) {}
    const TextPlan& plan() const { return plan_; }

    // Whether words follow each other is left to finish().
    Found add_sets(const index::Segment& segment, SourceSets& sets) const override;
    void finish(const index::Segment& segment, std::vector<index::Row>& rows) const override;

  private:
    TextPlan plan_;
};

}  // namespace cvstroom::search
