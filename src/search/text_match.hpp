// Which rows of a segment a text query matches.
#pragma once

#include <array>
#include <cstdint>
#include <span>
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

    // The words of the segment that the step stands for, ascending, without repetition.
    void words_of(std::size_t term, std::size_t step, const index::TextSegment& segment,
                  std::vector<index::WordId>& words) const;

  private:
    using StemKeys = std::array<index::StemKey, index::stem_languages>;

    TextQuery query_;
    std::vector<std::vector<StemKeys>> keys_;  // by term and step; of the inflected steps
};

// A TextPlan on one segment: the words looked up, nothing evaluated yet. Valid as long as both are. Not thread-safe.
class TextMatch {
  public:
    TextMatch(const TextPlan& plan, const index::TextSegment& segment);

    // No more rows than this match. 0: none does.
    std::uint64_t estimate() const { return estimate_; }

    // Puts the rows that match in `out`, which is clear.
    void select(SelectedRows& out);

    // Keeps in `candidates`, which ascend, the rows that match.
    void keep(std::vector<index::Row>& candidates);

  private:
    struct Step {
        std::vector<index::WordId> words;
        std::uint64_t rows = 0;  // the sum over the words: an upper bound
    };
    struct Term {
        std::vector<Step> steps;
        bool is_excluded = false;
        bool is_phrase() const { return steps.size() > 1; }
    };

    void keep_steps(SelectedRows& rows, const Step* done);
    void keep_step(SelectedRows& rows, const Step& step, bool wanted);
    void check_phrases(SelectedRows& rows);
    void add(const Step& step, SelectedRows& rows) const;
    void unite_lists(const Step& step, std::vector<index::Row>& rows) const;
    const std::uint64_t* bits_of(const Step& step) const;
    void set_bits(const Step& step, std::vector<std::uint64_t>& words) const;

    const index::TextSegment& segment_;
    std::vector<Term> terms_;
    std::vector<std::uint8_t> marks_;
    std::vector<std::uint64_t> bits_;
    std::uint64_t estimate_ = 0;
};

// The text query as a clause of a plan. Segments without text match nothing.
class TextSource final : public RowSource {
  public:
    explicit TextSource(TextQuery query) : plan_(std::move(query)) {}
    const TextPlan& plan() const { return plan_; }
    std::uint64_t estimate(const index::Segment& segment) const override;
    void select(const index::Segment& segment, SelectedRows& out) const override;
    void keep(const index::Segment& segment, std::vector<index::Row>& rows) const override;

  private:
    TextPlan plan_;
};

}  // namespace cvstroom::search
