// Rows that are chosen by something else than codes: free text, a distance. One more clause of a plan.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "index/segment.hpp"
#include "search/row_set.hpp"

namespace cvstroom::search {

// What sources ask for on one segment, as sets of rows. Keeps its memory from one search to the next.
class SourceSets {
  public:
    // A row must be in a set of each clause, and in none that is excluded.
    struct Clause {
        std::uint32_t first_set = 0;
        std::uint32_t set_count = 0;
        bool is_excluded = false;
        std::optional<std::uint64_t> size;  // of the union, where it is known
    };

    // The sets added next are the clause's.
    void begin_clause() { begin(false); }
    void begin_excluded() { begin(true); }
    void add(const RowSet& set) {
        sets_.push_back(set);
        ++clauses_.back().set_count;
    }
    void set_size(std::uint64_t size) { clauses_.back().size = size; }

    // What a set may be made of; it stays where it is until clear(). The words are all 0, words_for(segment_size) long.
    std::span<std::uint64_t> make_words(index::Row segment_size);
    index::PlaceSet& make_places();

    std::span<const Clause> clauses() const { return clauses_; }
    std::span<const RowSet> sets(const Clause& clause) const {
        return std::span(sets_).subspan(clause.first_set, clause.set_count);
    }
    void clear();

  private:
    void begin(bool is_excluded) {
        clauses_.push_back({static_cast<std::uint32_t>(sets_.size()), 0, is_excluded, std::nullopt});
    }

    std::vector<Clause> clauses_;
    std::vector<RowSet> sets_;
    std::deque<std::vector<std::uint64_t>> words_;
    std::deque<index::PlaceSet> places_;
    std::size_t used_words_ = 0;
    std::size_t used_places_ = 0;
};

// Immutable and thread-safe; a plan shares it between the parts of a snapshot. Dead rows are not its business.
class RowSource {
  public:
    virtual ~RowSource() = default;

    enum class Found : std::uint8_t {
        nothing,     // no row matches
        exact,       // the rows that match are those that the clauses let through
        candidates,  // all rows that match are among those: finish() tells which
    };
    // Adds its clauses, at least one that is not excluded. Cheap: no more than some look-ups.
    virtual Found add_sets(const index::Segment& segment, SourceSets& sets) const = 0;

    // Keeps those of the ascending `rows`, which the clauses let through, that match.
    virtual void finish(const index::Segment& segment, std::vector<index::Row>& rows) const;
};

}  // namespace cvstroom::search
