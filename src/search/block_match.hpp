// The rows that a plan lets through on one segment, 65,536 at a time: what the clauses share of a block is combined
// while it is in the processor's nearest cache, and no intermediate result ever leaves it.
#pragma once

#include <cstdint>
#include <vector>

#include "search/bit_kernels.hpp"
#include "search/local_plan.hpp"

namespace cvstroom::search {

// Buffers; see MatchScratch.
struct BlockScratch {
    std::vector<const std::uint64_t*> all;
    std::vector<const std::uint64_t*> none;
    std::vector<const std::uint64_t*> united;
    std::vector<std::uint64_t> made;  // sets made for one block, one after the other
};

class BlockMatch {
  public:
    // The rows of [first, last), which is not empty. All must outlive it.
    BlockMatch(const LocalPlan& plan, index::Row first, index::Row last, index::Row segment_size,
               BlockScratch& scratch);

    std::size_t first_block() const { return first_ / index::container_rows; }
    std::size_t last_block() const { return (last_ - 1) / index::container_rows; }  // included

    // The number of matches in the block.
    std::uint64_t count(std::size_t block);
    // The same, and puts them in `out`, which has container_words words.
    std::uint64_t get(std::size_t block, std::uint64_t* out);

  private:
    bool prepare(std::size_t block);
    bool add_clause(const LocalClause& clause, std::size_t block);
    void add_excluded(std::size_t block);
    void add_range(std::size_t block);
    std::uint64_t* make_set();
    std::size_t words_of(std::size_t block) const;

    const LocalPlan& plan_;
    index::Row first_;
    index::Row last_;
    std::size_t segment_words_;
    BlockScratch& scratch_;
    std::size_t made_count_ = 0;
};

}  // namespace cvstroom::search
