#include "search/match.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace cvstroom::search {
namespace {

using index::Posting;
using index::Row;
using index::Segment;
using index::word_bits;
using index::words_for;

// Rows to walk, as a share of the segment, below which walking beats combining words: a step of a walk costs about as
// much as this many words of a bitset.
constexpr std::uint64_t walk_ratio = 32;

void collect(const Segment& segment, const CodeAtLeast& wanted, std::vector<const Posting*>& sets) {
    const auto terms = segment.terms();
    const auto last = index::term_key(wanted.code, 0xFFFF);
    for (std::size_t term = segment.lower_term(index::term_key(wanted.code, wanted.rank));
         term < terms.size() && terms[term] <= last; ++term) {
        sets.push_back(&segment.rows_of(term));
    }
}

const Posting* rows_with(const Segment& segment, index::CodeNumber code) {
    const auto key = index::term_key(code, 0);
    const auto term = segment.lower_term(key);
    if (term == segment.terms().size() || segment.terms()[term] != key) return nullptr;
    return &segment.rows_of(term);
}

void clear_bit(std::vector<std::uint64_t>& words, Row row) {
    words[row / word_bits] &= ~(std::uint64_t{1} << (row % word_bits));
}

}  // namespace

bool Match::LocalClause::lets_through(Row row) const {
    if (keeps_silent && (speaking == nullptr || !speaking->contains(row))) return true;
    return std::any_of(sets.begin(), sets.end(), [row](const Posting* set) { return set->contains(row); });
}

bool MatchedRows::contains(Row row) const {
    if (is_dense) return (words[row / word_bits] >> (row % word_bits)) & 1U;
    return std::binary_search(rows.begin(), rows.end(), row);
}

std::uint64_t count_with_code(const MatchedRows& rows, const Segment& segment, index::CodeNumber code) {
    std::vector<const Posting*> sets;
    collect(segment, {code, 0}, sets);
    std::vector<Row> members;
    for (const auto* set : sets) set->append_to(members);
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    return static_cast<std::uint64_t>(
        std::count_if(members.begin(), members.end(), [&rows](Row row) { return rows.contains(row); }));
}

void Match::select(const RowSource& source, LocalClause& local) {
    auto& selected = scratch_.selected;
    selected.clear();
    source.select(segment_, selected);
    if (selected.is_dense) {
        for (std::size_t word = 0; word < selected.words.size(); ++word) {
            for (std::uint64_t bits = selected.words[word]; bits != 0; bits &= bits - 1) {
                selected.rows.push_back(static_cast<Row>(word * word_bits) + static_cast<Row>(std::countr_zero(bits)));
            }
        }
    }
    selected_.emplace_back(selected.rows, segment_.size());
    local.sets.push_back(&selected_.back());
}

Match::LocalClause Match::localize(const Clause& clause) {
    LocalClause local;
    for (const auto& wanted : clause.any_of) collect(segment_, wanted, local.sets);
    if (clause.rows) select(*clause.rows, local);
    for (const auto* set : local.sets) local.size += set->size();
    if (clause.silent) {
        local.keeps_silent = true;
        local.speaking = rows_with(segment_, *clause.silent);
        local.size = segment_.size();
    }
    return local;
}

// False when some clause lets nothing through.
bool Match::localize(const Plan& plan, const Posting& dead) {
    clauses_.reserve(plan.clauses.size());
    for (const auto& clause : plan.clauses) {
        clauses_.push_back(localize(clause));
        if (clauses_.back().size == 0) return false;
    }
    std::sort(clauses_.begin(), clauses_.end(), [](const auto& a, const auto& b) { return a.size < b.size; });
    for (const auto& wanted : plan.excluded) collect(segment_, wanted, excluded_);
    if (!dead.is_empty()) excluded_.push_back(&dead);
    return true;
}

Match::Match(const Plan& plan, const index::Part& part, MatchScratch& scratch)
    : segment_(*part.segment),
      scratch_(scratch),
      first_(segment_.lower_bound(plan.from)),
      last_(segment_.lower_bound(plan.until)) {
    if (first_ >= last_ || !localize(plan, *part.dead)) return;
    if (clauses_.empty() && excluded_.empty()) {
        form_ = Form::range;
        count_ = last_ - first_;
    } else if (!clauses_.empty() && clauses_.front().size * walk_ratio < segment_.size()) {
        walk_fewest();
    } else {
        combine_words();
    }
}

void Match::walk_fewest() {
    auto& rows = scratch_.rows;
    rows.clear();
    const LocalClause& fewest = clauses_.front();
    for (const auto* set : fewest.sets) set->append_to(rows);
    if (fewest.sets.size() > 1) {
        std::sort(rows.begin(), rows.end());
        rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    }
    const auto fails = [this](Row row) {
        if (row < first_ || row >= last_) return true;
        for (std::size_t i = 1; i < clauses_.size(); ++i) {
            if (!clauses_[i].lets_through(row)) return true;
        }
        return std::any_of(excluded_.begin(), excluded_.end(),
                           [row](const Posting* set) { return set->contains(row); });
    };
    std::erase_if(rows, fails);
    rows_ = rows;
    count_ = rows.size();
}

void Match::add_rows(const Posting& posting, std::vector<std::uint64_t>& words) {
    if (posting.is_dense()) return or_into(words, posting.words());
    scratch_.members.clear();
    posting.append_to(scratch_.members);
    for (const Row row : scratch_.members) words[row / word_bits] |= std::uint64_t{1} << (row % word_bits);
}

void Match::fill(const LocalClause& clause, std::vector<std::uint64_t>& words) {
    words.assign(words_for(segment_.size()), 0);
    for (const auto* set : clause.sets) add_rows(*set, words);
    if (!clause.keeps_silent) return;
    if (clause.speaking == nullptr) {
        words.assign(words.size(), ~std::uint64_t{0});
    } else if (clause.speaking->is_dense()) {
        or_not_into(words, clause.speaking->words());
    } else {
        auto& speaking = scratch_.rows;
        speaking.clear();
        clause.speaking->append_to(speaking);
        std::vector<std::uint64_t> silent(words.size(), ~std::uint64_t{0});
        for (const Row row : speaking) clear_bit(silent, row);
        or_into(words, silent);
    }
}

void Match::combine_words() {
    const auto is_plain = [](const LocalClause& clause) {
        return !clause.keeps_silent && clause.sets.size() == 1 && clause.sets.front()->is_dense();
    };
    const bool is_whole_range = first_ == 0 && last_ == segment_.size();
    form_ = Form::words;
    if (clauses_.size() == 1 && is_plain(clauses_.front()) && excluded_.empty() && is_whole_range) {
        words_ = clauses_.front().sets.front()->words();  // the answer stands there already
        count_ = clauses_.front().size;
        return;
    }
    auto& words = scratch_.words;
    std::size_t next = 1;
    if (clauses_.size() >= 2 && is_plain(clauses_[0]) && is_plain(clauses_[1])) {
        words.resize(words_for(segment_.size()));
        assign_and(words, clauses_[0].sets.front()->words(), clauses_[1].sets.front()->words());
        next = 2;
    } else if (clauses_.empty()) {
        words.assign(words_for(segment_.size()), ~std::uint64_t{0});
    } else {
        fill(clauses_.front(), words);
    }
    for (; next < clauses_.size(); ++next) {
        if (is_plain(clauses_[next])) {
            and_into(words, clauses_[next].sets.front()->words());
        } else {
            fill(clauses_[next], scratch_.clause_words);
            and_into(words, scratch_.clause_words);
        }
    }
    remove_excluded();
    keep_range();
    words_ = words;
    count_ = count_ones(words_);
}

void Match::remove_excluded() {
    for (const auto* set : excluded_) {
        if (set->is_dense()) {
            and_not_into(scratch_.words, set->words());
            continue;
        }
        scratch_.members.clear();
        set->append_to(scratch_.members);
        for (const Row row : scratch_.members) clear_bit(scratch_.words, row);
    }
}

// Clears the bits outside [first_, last_), and with them those past the segment's end.
void Match::keep_range() {
    auto& words = scratch_.words;
    std::fill(words.begin(), words.begin() + first_ / word_bits, 0);
    if (first_ % word_bits != 0) words[first_ / word_bits] &= ~std::uint64_t{0} << (first_ % word_bits);
    if (last_ % word_bits != 0) words[last_ / word_bits] &= ~(~std::uint64_t{0} << (last_ % word_bits));
    std::fill(words.begin() + static_cast<std::ptrdiff_t>(words_for(last_)), words.end(), 0);
}

MatchedRows Match::rows() const {
    if (form_ == Form::words) return {true, {}, words_, count_};
    if (form_ == Form::rows) return {false, rows_, {}, count_};
    auto& all = scratch_.all_rows;
    all.resize(count_);
    std::iota(all.begin(), all.end(), first_);
    return {false, all, {}, count_};
}

void Match::append(std::uint64_t skip, std::uint64_t count, std::vector<index::RowData>& out) const {
    if (skip >= count_) return;
    count = std::min(count, count_ - skip);
    switch (form_) {
        case Form::rows:
            return append_from_rows(skip, count, out);
        case Form::words:
            return append_from_words(skip, count, out);
        case Form::range:
            for (std::uint64_t i = 0; i < count; ++i)
                out.push_back(segment_.row(static_cast<Row>(last_ - 1 - skip - i)));
    }
}

void Match::append_from_rows(std::uint64_t skip, std::uint64_t count, std::vector<index::RowData>& out) const {
    for (std::uint64_t i = 0; i < count; ++i) out.push_back(segment_.row(rows_[rows_.size() - 1 - skip - i]));
}

// Whole words are skipped by counting their bits: a deep page costs a pass over the bitset, as the count did.
void Match::append_from_words(std::uint64_t skip, std::uint64_t count, std::vector<index::RowData>& out) const {
    std::size_t word = skip_back(words_, skip);
    while (word-- > 0 && count > 0) {
        for (std::uint64_t bits = words_[word]; bits != 0 && count > 0;) {
            const auto top = static_cast<Row>(word_bits - 1 - static_cast<unsigned>(std::countl_zero(bits)));
            bits &= ~(std::uint64_t{1} << top);
            if (skip > 0) {
                --skip;
                continue;
            }
            out.push_back(segment_.row(static_cast<Row>(word * word_bits) + top));
            --count;
        }
    }
}

}  // namespace cvstroom::search
