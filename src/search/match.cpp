#include "search/match.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "search/match_cost.hpp"

namespace cvstroom::search {
namespace {

using index::container_rows;
using index::container_words;
using index::Row;
using index::RowsView;
using index::Segment;
using index::word_bits;

bool test_bit(std::span<const std::uint64_t> words, Row row) {
    return ((words[row / word_bits] >> (row % word_bits)) & 1U) != 0;
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
        thread_local RowFilterScratch scratch;
        scratch.marks.assign(rows.rows.size(), 0);
        mark_members(with_code, rows.rows, scratch, scratch.marks.data());
        for (const auto mark : scratch.marks) count += mark;
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
    } else if (count_is_known(*part.dead)) {
        form_ = MatchForm::counted;
        count_ = scratch_.plan.clauses().front().most - count_dead(*part.dead);
    } else if (!scratch_.plan.clauses().empty() && walking_is_cheaper(scratch_.plan, first_, last_, segment_.size())) {
        walk();
    } else {
        count_blocks();
    }
    if (!scratch_.plan.late().empty()) try_late_clauses();
}

bool Match::is_one_set() const {
    const auto clauses = scratch_.plan.clauses();
    if (clauses.size() != 1 || !scratch_.plan.excluded().empty() || !scratch_.plan.late().empty()) return false;
    const auto& clause = clauses.front();
    if (clause.set_count != 1 || clause.keeps_silent || first_ != 0 || last_ != segment_.size()) return false;
    const auto& set = scratch_.plan.sets(clause).front();
    return set.is_dense() || set.list() != nullptr;
}

// Of few rows it costs less to take them all than to look for those of the page in blocks that may have none.
bool Match::count_is_known(const index::DeadRows& dead) const {
    constexpr std::uint64_t few = 1024;
    const auto clauses = scratch_.plan.clauses();
    const std::size_t excluded = dead.is_empty() ? 0 : 1;  // of the plan, only the dead rows
    return clauses.size() == 1 && clauses.front().is_exact && clauses.front().most > few &&
           scratch_.plan.excluded().size() == excluded && scratch_.plan.late().empty() && dead.is_listed() &&
           first_ == 0 && last_ == segment_.size();
}

std::uint64_t Match::count_dead(const index::DeadRows& dead) const {
    if (dead.is_empty()) return 0;
    auto& rows = scratch_.rows;
    rows.assign(dead.list().begin(), dead.list().end());
    keep_clause(scratch_.plan.clauses().front(), rows);
    return rows.size();
}

void Match::keep_clause(const LocalClause& clause, std::vector<Row>& rows) const {
    const auto sets = scratch_.plan.sets(clause);
    auto& filter = scratch_.filter;
    if (sets.size() == 1 && !clause.keeps_silent) return keep_members(sets.front(), true, filter, rows);
    auto& marks = scratch_.marks;
    marks.assign(rows.size(), 0);
    if (clause.keeps_silent) {
        mark_members(clause.speaking, rows, filter, marks.data());
        for (auto& mark : marks) mark ^= 1U;
    }
    for (const auto& set : sets) mark_members(set, rows, filter, marks.data());
    keep_marked(rows, marks.data(), 1);
}

// The clauses that let the fewest through come first, so that the later ones have few rows to try.
void Match::walk() {
    form_ = MatchForm::walk;
    const LocalPlan& plan = scratch_.plan;
    auto& rows = scratch_.rows;
    collect_rows(plan.sets(plan.clauses().front()), first_, last_, segment_.size(), scratch_.filter, rows);
    for (const auto& clause : plan.clauses().subspan(1)) {
        if (rows.empty()) break;
        keep_clause(clause, rows);
    }
    for (const auto& set : plan.excluded()) keep_members(set, false, scratch_.filter, rows);
    count_ = rows.size();
}

std::size_t Match::words_of(std::size_t block) const {
    return std::min(container_words, index::words_for(segment_.size()) - block * container_words);
}

// Oldest block first, as memory is read ahead. Where blocks have few matches each, these are listed on the way: a page
// would need another look at many blocks.
void Match::count_blocks() {
    constexpr std::uint64_t few = 8;
    form_ = MatchForm::blocks;
    BlockMatch match = block_match();
    auto& counts = scratch_.block_counts;
    counts.assign(match.last_block() + 1, 0);
    auto& rows = scratch_.rows;  // of the last blocks, as far back as each of them has few
    rows.clear();
    auto& words = scratch_.words;
    words.resize(container_words);
    bool has_few = true;
    bool has_all = true;
    for (std::size_t block = match.first_block(); block <= match.last_block(); ++block) {
        const bool was_listed = has_few;  // the block before: a guess at this one
        const std::uint64_t count = was_listed ? match.get(block, words.data()) : match.count(block);
        counts[block] = static_cast<std::uint32_t>(count);
        count_ += count;
        has_few = count <= few;
        if (was_listed && has_few) {
            if (count > 0) append_block_rows(block, rows);
        } else {
            rows.clear();
            has_all = false;
        }
    }
    if (has_all) form_ = MatchForm::walk;
}

void Match::append_block_rows(std::size_t block, std::vector<Row>& rows) const {
    const auto base = static_cast<Row>(block * container_rows);
    index::each_bit(std::span(scratch_.words).first(words_of(block)), [&](Row row) { rows.push_back(base + row); });
}

// The rows so far become a list, whatever way they were found.
void Match::try_late_clauses() {
    auto& rows = scratch_.rows;
    if (form_ == MatchForm::blocks) {
        const auto found = this->rows();
        rows.clear();
        index::append_rows(found.words, rows);
    }
    form_ = MatchForm::walk;
    for (const auto& late : scratch_.plan.late()) late.source->finish(segment_, rows);
    count_ = rows.size();
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
        case MatchForm::blocks:
        case MatchForm::counted: {
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
    auto& page = scratch_.page;
    page.clear();
    switch (form_) {
        case MatchForm::nothing:
            break;
        case MatchForm::range:
            for (std::uint64_t i = 0; i < count; ++i) page.push_back(static_cast<Row>(last_ - 1 - skip - i));
            break;
        case MatchForm::set: {
            const auto& set = scratch_.plan.sets(scratch_.plan.clauses().front()).front();
            if (set.is_dense()) {
                add_from_words({set.words(), index::words_for(segment_.size())}, 0, skip, count);
            } else {
                add_from_list(*set.list(), skip, count);
            }
            break;
        }
        case MatchForm::walk:
            add_from_rows(skip, count);
            break;
        case MatchForm::blocks:
            if (skip + count <= scratch_.rows.size()) {
                add_from_rows(skip, count);
            } else {
                add_from_blocks(skip, count);
            }
            break;
        case MatchForm::counted:
            add_from_blocks(skip, count);
    }
    segment_.append_rows(page, out);
}

void Match::add_from_rows(std::uint64_t skip, std::uint64_t count) const {
    const auto& rows = scratch_.rows;
    for (std::uint64_t i = 0; i < count; ++i) scratch_.page.push_back(rows[rows.size() - 1 - skip - i]);
}

// Backwards from the newest member; with ranks, past those that do not count.
void Match::add_from_list(const RowsView& set, std::uint64_t skip, std::uint64_t count) const {
    const auto& list = set.list();
    const auto* ranks = set.ranks();
    for (std::uint32_t container = list.containers(); container-- > 0 && count > 0;) {
        const Row upper = static_cast<Row>(list.key(container)) << 16U;
        const std::uint32_t begin = list.begin(container);
        std::uint32_t end = list.end(container);
        if (ranks == nullptr) {
            const auto passed = static_cast<std::uint32_t>(std::min<std::uint64_t>(skip, end - begin));
            skip -= passed;
            end -= passed;
        }
        for (std::uint32_t i = end; i-- > begin && count > 0;) {
            if (ranks != nullptr && ranks[i] < set.least_rank()) continue;
            if (skip > 0) {
                --skip;
                continue;
            }
            scratch_.page.push_back(upper | list.values()[i]);
            --count;
        }
    }
}

// Blocks that were not counted before are so on the way.
void Match::add_from_blocks(std::uint64_t skip, std::uint64_t count) const {
    BlockMatch match = block_match();
    auto& words = scratch_.words;
    words.resize(container_words);
    for (std::size_t block = match.last_block() + 1; block-- > match.first_block() && count > 0;) {
        const bool is_counted = form_ == MatchForm::blocks;
        const std::uint64_t in_block = is_counted ? scratch_.block_counts[block] : match.get(block, words.data());
        if (in_block <= skip) {
            skip -= in_block;
            continue;
        }
        if (is_counted) match.get(block, words.data());
        add_from_words(std::span(words).first(words_of(block)), static_cast<Row>(block * container_rows), skip, count);
    }
}

// Skips a container at a time, then whole words, by counting their bits.
void Match::add_from_words(std::span<const std::uint64_t> words, Row base, std::uint64_t& skip,
                           std::uint64_t& count) const {
    std::size_t word = words.size();
    while (word > 0 && skip > container_rows / 16) {
        const std::size_t length = std::min(word, (word - 1) % container_words + 1);
        const std::array set{words.data() + word - length};
        const std::uint64_t ones = kernels().count({set, {}}, length);
        if (ones > skip) break;
        skip -= ones;
        word -= length;
    }
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
            scratch_.page.push_back(base + static_cast<Row>(word * word_bits) + top);
            --count;
        }
    }
}

}  // namespace cvstroom::search
