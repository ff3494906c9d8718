#include "search/match_cost.hpp"

#include <algorithm>
#include <cmath>

#include "search/row_filter.hpp"

namespace cvstroom::search {
namespace {

using index::container_rows;
using index::words_step;

// What the steps of either way cost, in nanoseconds: the coefficients of a least-squares fit to the times of the 1,200
// queries of bench/search, each run both ways on 1,000,000 CVs. Only their proportions matter.
namespace block_step {
constexpr double word = 0.22;        // to load and combine a word of a bitset
constexpr double made_word = 0.23;   // to make and combine a word of what is not a bitset yet
constexpr double member = 0.67;      // to set a member's bit
constexpr double list = 48;          // to find a list's container, each block
constexpr double sparse_word = 0.3;  // to make a word of sparse bits one of a bitset
constexpr double unpack = 0.4;       // to read a row of a packed list
constexpr double run = 6;            // to find the rows of a run of places, each block
}  // namespace block_step
namespace walk_step {
constexpr double block = 340;       // to find where rows go on, each block
constexpr double collect = 0.6;     // to take up a row of one list
constexpr double unite = 4.5;       // or of several sets
constexpr double collect_word = 7;  // to look for rows in a word of a bitset
constexpr double test_bit = 0.6;    // to try a row against a bitset
// To bring a cache line of that bitset near, for as many rows as it has lines at most.
constexpr double touch_line = 1.6;
constexpr double member = 0.85;       // to make a bit of a list's member, before rows are tried against it
constexpr double test_member = 0.95;  // to try one
constexpr double gallop = 52;         // to halve the distance to a member
constexpr double look_up = 8;         // to look a row up in sparse bits
constexpr double test_place = 1.2;    // to look at a row's postcode
}  // namespace walk_step

struct Window {
    double share;  // of the segment, that is searched
    double words;
    double blocks;
};

// Of a set that is no bitset, in each block.
double cost_to_make_bits(const RowSet& set, const Window& window) {
    if (set.sparse() != nullptr) return block_step::sparse_word * window.words;
    const double members = set.size() * window.share;
    if (const auto* places = set.places()) {
        return block_step::member * members + block_step::run * static_cast<double>(places->runs()) * window.blocks;
    }
    const double member = block_step::member + (set.packed() != nullptr ? block_step::unpack : 0);
    return member * members + block_step::list * window.blocks;
}

double cost_in_blocks(std::span<const RowSet> sets, bool is_made, const Window& window) {
    double cost = is_made ? block_step::made_word * window.words : 0;
    for (const auto& set : sets) {
        cost += set.is_dense() ? block_step::word * window.words : cost_to_make_bits(set, window);
    }
    return cost;
}

// Everything that is not the one bitset of a clause is made into one.
bool is_made(const LocalPlan& plan, const LocalClause& clause) {
    return clause.keeps_silent || clause.set_count != 1 || !plan.sets(clause).front().is_dense();
}

double cost_to_collect(std::span<const RowSet> sets, const Window& window) {
    double cost = 0;
    for (const auto& set : sets) {
        if (set.list() != nullptr || set.packed() != nullptr) {
            cost += (sets.size() == 1 ? walk_step::collect : walk_step::unite) * set.size();
        } else {
            cost += walk_step::collect_word * window.words;
            if (!set.is_dense()) cost += cost_to_make_bits(set, window);
        }
    }
    return cost;
}

double cost_to_test(const RowSet& set, double rows, const Window& window) {
    if (set.is_dense()) {
        return walk_step::test_bit * rows + walk_step::touch_line * std::min(rows, 3 * window.words / words_step);
    }
    if (set.places() != nullptr) return (walk_step::test_place + walk_step::touch_line) * rows;
    if (set.sparse() != nullptr) {
        const double bits = block_step::sparse_word * window.words + walk_step::test_member * rows;
        return std::min(walk_step::look_up * rows, bits);
    }
    const double members = set.size() * window.share;
    if (set.packed() != nullptr) {
        const double bits = (block_step::unpack + walk_step::member) * members + walk_step::test_member * rows;
        const double read = std::min(rows, members / index::packed_block) * index::packed_block * block_step::unpack;
        return std::min(read + walk_step::gallop * rows, bits);
    }
    if (members > gallop_ratio * rows) return rows * walk_step::gallop * std::log2(members / std::max(rows, 1.0));
    return walk_step::member * members + walk_step::test_member * rows;
}

}  // namespace

bool walking_is_cheaper(const LocalPlan& plan, index::Row first, index::Row last, index::Row segment_size) {
    const auto& fewest = plan.clauses().front();
    if (fewest.keeps_silent) return false;
    const double in_range = last - first;
    const Window window{in_range / segment_size, in_range / index::word_bits, in_range / container_rows};

    double blocks = 0;
    double walk = walk_step::block * window.blocks + cost_to_collect(plan.sets(fewest), window);
    double rows = static_cast<double>(fewest.most) * window.share;
    for (const auto& clause : plan.clauses()) {
        blocks += cost_in_blocks(plan.sets(clause), is_made(plan, clause), window);
        if (&clause == &fewest) continue;
        for (const auto& set : plan.sets(clause)) walk += cost_to_test(set, rows, window);
        if (clause.keeps_silent) walk += cost_to_test(clause.speaking, rows, window);
        rows *= std::min(1.0, static_cast<double>(clause.most) / segment_size);  // as if codes were independent
    }
    for (const auto& set : plan.excluded()) {
        blocks += cost_in_blocks(std::span(&set, 1), !set.is_dense(), window);
        walk += cost_to_test(set, rows, window);
    }
    return walk < blocks;
}

}  // namespace cvstroom::search
