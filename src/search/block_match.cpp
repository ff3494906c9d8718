#include "search/block_match.hpp"

#include <algorithm>

#include "search/list_members.hpp"

namespace cvstroom::search {
namespace {

using index::container_rows;
using index::container_words;
using index::Row;
using index::RowsView;
using index::word_bits;

void clear_bits(const RowsView& set, std::size_t block, std::uint64_t* words) {
    visit_members(set, block, [words](std::uint16_t value, bool counts) {
        words[value / word_bits] &= ~(std::uint64_t{counts} << (value % word_bits));
    });
}

}  // namespace

BlockMatch::BlockMatch(const LocalPlan& plan, Row first, Row last, Row segment_size, BlockScratch& scratch)
    : plan_(plan), first_(first), last_(last), segment_words_(index::words_for(segment_size)), scratch_(scratch) {
    // One for each clause, the excluded lists and the range: their places must not move while they are in use.
    scratch_.made.resize((plan.clauses().size() + 2) * container_words);
}

std::size_t BlockMatch::words_of(std::size_t block) const {
    return std::min(container_words, segment_words_ - block * container_words);
}

std::uint64_t* BlockMatch::make_set() {
    return scratch_.made.data() + made_count_++ * container_words;
}

// False when the clause lets nothing of the block through.
bool BlockMatch::add_clause(const LocalClause& clause, std::size_t block) {
    const auto sets = plan_.sets(clause);
    const std::size_t words = words_of(block);
    const std::size_t offset = block * container_words;
    if (sets.size() == 1 && sets.front().is_dense() && !clause.keeps_silent) {
        scratch_.all.push_back(sets.front().words() + offset);
        return true;
    }
    std::uint64_t* made = make_set();
    auto& united = scratch_.united;
    united.clear();
    for (const auto& set : sets) {
        if (set.is_dense()) united.push_back(set.words() + offset);
    }
    bool has_any = !united.empty();
    if (clause.keeps_silent && clause.speaking.is_dense()) {
        const std::uint64_t* speaking = clause.speaking.words() + offset;
        for (std::size_t i = 0; i < words; ++i) made[i] = ~speaking[i];
        united.push_back(made);
        has_any = true;
    } else if (clause.keeps_silent) {
        std::fill_n(made, words, ~std::uint64_t{0});
        clear_bits(clause.speaking, block, made);
        united.push_back(made);
        has_any = true;
    }
    if (united.empty()) {
        std::fill_n(made, words, 0);
    } else if (united.size() > 1 || united.front() != made) {
        kernels().unite(united, words, made);
    }
    for (const auto& set : sets) {
        if (!set.is_dense()) has_any |= set.add_to(block, made);
    }
    scratch_.all.push_back(made);
    return has_any;
}

void BlockMatch::add_excluded(std::size_t block) {
    std::uint64_t* made = nullptr;
    for (const auto& set : plan_.excluded()) {
        if (set.is_dense()) {
            scratch_.none.push_back(set.words() + block * container_words);
            continue;
        }
        if (made == nullptr) {
            made = make_set();
            std::fill_n(made, words_of(block), 0);
            scratch_.none.push_back(made);
        }
        set.add_to(block, made);
    }
}

// Where the block reaches over an end of the range, or where nothing else says which rows there are at all.
void BlockMatch::add_range(std::size_t block) {
    const std::uint64_t begin = block * std::uint64_t{container_rows};
    const std::uint64_t end = begin + words_of(block) * word_bits;
    const std::uint64_t first = std::max<std::uint64_t>(begin, first_) - begin;
    const std::uint64_t last = std::min<std::uint64_t>(end, last_) - begin;
    if (!scratch_.all.empty() && first == 0 && last == end - begin) return;
    std::uint64_t* made = make_set();
    std::fill_n(made, words_of(block), 0);
    std::fill(made + first / word_bits, made + (last + word_bits - 1) / word_bits, ~std::uint64_t{0});
    made[first / word_bits] &= ~std::uint64_t{0} << (first % word_bits);
    if (last % word_bits != 0) made[last / word_bits] &= ~(~std::uint64_t{0} << (last % word_bits));
    scratch_.all.push_back(made);
}

bool BlockMatch::prepare(std::size_t block) {
    scratch_.all.clear();
    scratch_.none.clear();
    made_count_ = 0;
    for (const auto& clause : plan_.clauses()) {
        if (!add_clause(clause, block)) return false;
    }
    add_excluded(block);
    add_range(block);
    return true;
}

std::uint64_t BlockMatch::count(std::size_t block) {
    if (!prepare(block)) return 0;
    return kernels().count({scratch_.all, scratch_.none}, words_of(block));
}

std::uint64_t BlockMatch::get(std::size_t block, std::uint64_t* out) {
    if (!prepare(block)) {
        std::fill_n(out, words_of(block), 0);
        return 0;
    }
    return kernels().intersect({scratch_.all, scratch_.none}, words_of(block), out);
}

}  // namespace cvstroom::search
