#include "search/match_cost.hpp"

#include <algorithm>
#include <cmath>

#include "search/row_filter.hpp"

namespace cvstroom::search {
namespace {

using index::container_rows;
using index::RowsView;
using index::words_step;

// What the steps of either way cost, in nanoseconds: the coefficients of a least-squares fit to the times of the 1,200
// queries of bench/search, each run both ways on 1,000,000 CVs. Only their proportions matter.
namespace block_step {
constexpr double word = 0.22;       // to load and combine a word of a bitset
constexpr double made_word = 0.23;  // to make and combine a word of what is not a bitset yet
constexpr double member = 0.67;     // to set a member's bit
constexpr double list = 48;         // to find a list's container, each block
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
}  // namespace walk_step

struct Window {
    double share;  // of the segment, that is searched
    double words;
    double blocks;
};

double cost_in_blocks(std::span<const RowsView> sets, bool is_made, const Window& window) {
    double cost = is_made ? block_step::made_word * window.words : 0;
    for (const auto& set : sets) {
        cost += set.is_dense() ? block_step::word * window.words
                               : block_step::member * set.size() * window.share + block_step::list * window.blocks;
    }
    return cost;
}

// Everything that is not the one bitset of a clause is made into one.
bool is_made(const LocalPlan& plan, const LocalClause& clause) {
    return clause.keeps_silent || clause.set_count != 1 || !plan.sets(clause).front().is_dense();
}

double cost_to_collect(std::span<const RowsView> sets, const Window& window) {
    double cost = 0;
    for (const auto& set : sets) {
        if (set.is_dense()) cost += walk_step::collect_word * window.words;
        if (!set.is_dense()) cost += (sets.size() == 1 ? walk_step::collect : walk_step::unite) * set.size();
    }
    return cost;
}

double cost_to_test(const RowsView& set, double rows, const Window& window) {
    if (set.is_dense()) {
        return walk_step::test_bit * rows + walk_step::touch_line * std::min(rows, 3 * window.words / words_step);
    }
    const double members = set.size() * window.share;
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
