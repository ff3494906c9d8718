#include "search/match.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

namespace cvstroom::search {
namespace {

using index::container_rows;
using index::container_words;
using index::Row;
using index::RowsView;
using index::Segment;
using index::word_bits;

// What the steps of either way cost, in nanoseconds: estimates, to be measured with bench/search. Only their
// proportions matter, and no answer depends on them.
constexpr double word_cost = 0.10;        // to load and combine a word of a bitset
constexpr double list_member_cost = 0.8;  // to set a member's bit in a block
constexpr double collect_cost = 0.4;      // to take a row of a list up
constexpr double test_bits_cost = 1.0;    // to try a row against a bitset
constexpr double test_list_cost = 4.0;    // and against a list
constexpr double block_cost = 60;         // to begin a block

bool test_bit(std::span<const std::uint64_t> words, Row row) {
    return ((words[row / word_bits] >> (row % word_bits)) & 1U) != 0;
}

double test_cost(std::span<const RowsView> sets) {
    double cost = 0;
    for (const auto& set : sets) cost += set.is_dense() ? test_bits_cost : test_list_cost;
    return cost;
}

double block_pass_cost(std::span<const RowsView> sets, std::size_t words) {
    double cost = 0;
    for (const auto& set : sets) {
        cost += set.is_dense() ? word_cost * static_cast<double>(words) : list_member_cost * set.size();
    }
    return cost;
}

}  // namespace

bool MatchedRows::contains(Row row) const {
    return is_dense ? test_bit(words, row) : std::binary_search(rows.begin(), rows.end(), row);
}

std::uint64_t count_with_code(const MatchedRows& rows, const Segment& segment, index::CodeNumber code) {
    const auto* record = segment.find_code(code);
    if (record == nullptr || rows.count == 0) return 0;
    const RowsView with_code = segment.rows_of(*record);
    std::uint64_t count = 0;
    if (!rows.is_dense) {
        thread_local std::vector<std::uint8_t> marks;
        marks.assign(rows.rows.size(), 0);
        mark_members(with_code, rows.rows, marks.data());
        for (const auto mark : marks) count += mark;
    } else if (with_code.is_dense()) {
        const std::array sets{rows.words.data(), with_code.words()};
        count = kernels().count({sets, {}}, index::words_for(segment.size()));
    } else {
        with_code.for_each(segment.size(), [&](Row row) { count += test_bit(rows.words, row) ? 1U : 0U; });
    }
    return count;
}

Match::Match(const Plan& plan, const index::Part& part, MatchScratch& scratch)
    : segment_(*part.segment),
      scratch_(scratch),
      first_(plan.from == 0 ? 0 : segment_.lower_bound(plan.from)),
      last_(plan.until > segment_.last_seq() ? segment_.size() : segment_.lower_bound(plan.until)) {
    if (first_ >= last_ || !scratch_.plan.read(plan, part)) return;
    if (scratch_.plan.clauses().empty() && scratch_.plan.excluded().empty()) {
        form_ = MatchForm::range;
        count_ = last_ - first_;
    } else if (is_one_set()) {
        form_ = MatchForm::set;
        count_ = scratch_.plan.clauses().front().most;
    } else if (walking_is_cheaper()) {
        walk();
    } else {
        count_blocks();
    }
}

bool Match::is_one_set() const {
    const auto clauses = scratch_.plan.clauses();
    return clauses.size() == 1 && scratch_.plan.excluded().empty() && clauses.front().set_count == 1 &&
           !clauses.front().keeps_silent && first_ == 0 && last_ == segment_.size();
}

bool Match::walking_is_cheaper() const {
    const LocalPlan& plan = scratch_.plan;
    if (plan.clauses().empty() || plan.clauses().front().keeps_silent) return false;
    const std::size_t words = index::words_for(last_ - first_);
    double walk = test_cost(plan.excluded());
    double blocks = block_pass_cost(plan.excluded(), words) + block_cost * static_cast<double>(words / container_words);
    for (const auto& clause : plan.clauses()) {
        walk += test_cost(plan.sets(clause)) + (clause.keeps_silent ? test_list_cost : 0);
        blocks += block_pass_cost(plan.sets(clause), words);
    }
    const auto& fewest = plan.clauses().front();
    walk += collect_cost - test_cost(plan.sets(fewest));
    for (const auto& set : plan.sets(fewest)) {
        if (set.is_dense()) walk += word_cost * static_cast<double>(words) / static_cast<double>(fewest.most);
    }
    return walk * static_cast<double>(fewest.most) < blocks;
}

// The clauses that let the fewest through come first, so that the later ones have few rows to try.
void Match::walk() {
    form_ = MatchForm::walk;
    const LocalPlan& plan = scratch_.plan;
    auto& rows = scratch_.rows;
    auto& marks = scratch_.filter.marks;
    collect_rows(plan.sets(plan.clauses().front()), first_, last_, segment_.size(), scratch_.filter, rows);
    for (const auto& clause : plan.clauses().subspan(1)) {
        if (rows.empty()) break;
        marks.assign(rows.size(), 0);
        if (clause.keeps_silent) {
            mark_members(clause.speaking, rows, marks.data());
            for (auto& mark : marks) mark ^= 1U;
        }
        for (const auto& set : plan.sets(clause)) mark_members(set, rows, marks.data());
        keep_marked(rows, marks.data(), 1);
    }
    if (!plan.excluded().empty() && !rows.empty()) {
        marks.assign(rows.size(), 0);
        for (const auto& set : plan.excluded()) mark_members(set, rows, marks.data());
        keep_marked(rows, marks.data(), 0);
    }
    count_ = rows.size();
}

void Match::count_blocks() {
    form_ = MatchForm::blocks;
    BlockMatch match = block_match();
    auto& counts = scratch_.block_counts;
    counts.assign(match.last_block() + 1, 0);
    for (std::size_t block = match.first_block(); block <= match.last_block(); ++block) {
        const std::uint64_t count = match.count(block);
        counts[block] = static_cast<std::uint32_t>(count);
        count_ += count;
    }
}

MatchedRows Match::rows() const {
    auto& rows = scratch_.rows;
    switch (form_) {
        case MatchForm::nothing:
            return {};
        case MatchForm::range:
            rows.resize(count_);
            std::iota(rows.begin(), rows.end(), first_);
            break;
        case MatchForm::set: {
            const auto& set = scratch_.plan.sets(scratch_.plan.clauses().front()).front();
            if (set.is_dense()) return {true, {}, {set.words(), index::words_for(segment_.size())}, count_};
            collect_rows(std::span(&set, 1), first_, last_, segment_.size(), scratch_.filter, rows);
            break;
        }
        case MatchForm::walk:
            break;
        case MatchForm::blocks: {
            BlockMatch match = block_match();
            auto& words = scratch_.words;
            words.assign((match.last_block() + 1) * container_words, 0);
            for (std::size_t block = match.first_block(); block <= match.last_block(); ++block) {
                match.get(block, words.data() + block * container_words);
            }
            words.resize(index::words_for(segment_.size()), 0);
            return {true, {}, words, count_};
        }
    }
    return {false, rows, {}, count_};
}

void Match::append(std::uint64_t skip, std::uint64_t count, std::vector<index::RowData>& out) const {
    if (skip >= count_) return;
    count = std::min(count, count_ - skip);
    switch (form_) {
        case MatchForm::nothing:
            return;
        case MatchForm::range:
            for (std::uint64_t i = 0; i < count; ++i) {
                out.push_back(segment_.row(static_cast<Row>(last_ - 1 - skip - i)));
            }
            return;
        case MatchForm::set: {
            const auto& set = scratch_.plan.sets(scratch_.plan.clauses().front()).front();
            if (set.is_dense()) {
                append_from_words({set.words(), index::words_for(segment_.size())}, 0, skip, count, out);
            } else {
                append_from_rows(rows().rows, skip, count, out);
            }
            return;
        }
        case MatchForm::walk:
            return append_from_rows(scratch_.rows, skip, count, out);
        case MatchForm::blocks:
            return append_from_blocks(skip, count, out);
    }
}

void Match::append_from_rows(std::span<const Row> rows, std::uint64_t skip, std::uint64_t count,
                             std::vector<index::RowData>& out) const {
    for (std::uint64_t i = 0; i < count; ++i) out.push_back(segment_.row(rows[rows.size() - 1 - skip - i]));
}

void Match::append_from_blocks(std::uint64_t skip, std::uint64_t count, std::vector<index::RowData>& out) const {
    BlockMatch match = block_match();
    auto& words = scratch_.words;
    words.resize(container_words);
    for (std::size_t block = match.last_block() + 1; block-- > match.first_block() && count > 0;) {
        const std::uint64_t in_block = scratch_.block_counts[block];
        if (in_block <= skip) {
            skip -= in_block;
            continue;
        }
        match.get(block, words.data());
        const std::size_t length =
            std::min(container_words, index::words_for(segment_.size()) - block * container_words);
        append_from_words(std::span(words).first(length), static_cast<Row>(block * container_rows), skip, count, out);
    }
}

// Whole words are skipped by counting their bits.
void Match::append_from_words(std::span<const std::uint64_t> words, Row base, std::uint64_t& skip, std::uint64_t& count,
                              std::vector<index::RowData>& out) const {
    std::size_t word = words.size();
    for (; word > 0 && skip > 0; --word) {
        const auto ones = static_cast<std::uint64_t>(std::popcount(words[word - 1]));
        if (ones > skip) break;
        skip -= ones;
    }
    while (word-- > 0 && count > 0) {
        for (std::uint64_t bits = words[word]; bits != 0 && count > 0;) {
            const auto top = static_cast<Row>(word_bits - 1 - static_cast<unsigned>(std::countl_zero(bits)));
            bits &= ~(std::uint64_t{1} << top);
            if (skip > 0) {
                --skip;
                continue;
            }
            out.push_back(segment_.row(base + static_cast<Row>(word * word_bits) + top));
            --count;
        }
    }
}

}  // namespace cvstroom::search
