#include "search/engine.hpp"

#include <algorithm>
#include <optional>

namespace cvstroom::search {
namespace {

using index::Part;
using index::Row;
using index::RowSet;
using index::Segment;

void add_rows_of(const Segment& segment, const KeyRange& range, std::vector<const RowSet*>& sets) {
    const auto terms = segment.terms();
    for (std::size_t term = segment.lower_term(range.first); term < terms.size() && terms[term] <= range.last; ++term) {
        sets.push_back(&segment.rows_of(term));
    }
}

const RowSet* rows_with(const Segment& segment, index::TermKey key) {
    const auto term = segment.lower_term(key);
    if (term == segment.terms().size() || segment.terms()[term] != key) return nullptr;
    return &segment.rows_of(term);
}

RowSet unite(std::vector<const RowSet*>& sets) {
    return RowSet::fastunion(sets.size(), sets.data());
}

// A clause on one segment.
struct LocalClause {
    std::vector<const RowSet*> sets;
    bool keeps_silent = false;
    const RowSet* speaking = nullptr;  // the rows that are not silent; null: all are
    std::uint64_t size = 0;            // an upper bound of the rows it lets through

    LocalClause(const Clause& clause, const Segment& segment) : keeps_silent(clause.silent.has_value()) {
        for (const auto& range : clause.any_of) add_rows_of(segment, range, sets);
        for (const auto* set : sets) size += set->cardinality();
        if (keeps_silent) {
            speaking = rows_with(segment, *clause.silent);
            size = segment.size();
        }
    }
};

// The rows of one segment that match, without copying when a single set is the answer.
class Match {
  public:
    Match(const Plan& plan, const Part& part) : segment_(*part.segment) {
        first_ = segment_.lower_bound(plan.from);
        last_ = segment_.lower_bound(plan.until);
        if (first_ >= last_ || !intersect(plan)) {
            is_empty_ = true;
            return;
        }
        exclude(plan, *part.dead);
    }

    std::uint64_t count() const {
        if (is_empty_) return 0;
        if (rows_ == nullptr) return last_ - first_;
        return below(last_) - below(first_);
    }

    // Appends the `count` matches that stand `skip` from the newest one, newest first.
    void append(std::uint64_t skip, std::uint64_t count, std::vector<index::RowData>& out) const {
        const std::uint64_t available = this->count();
        if (skip >= available) return;
        count = std::min(count, available - skip);
        const std::uint64_t first = available - skip - count;
        std::vector<Row> rows(count);
        if (rows_ == nullptr) {
            for (std::uint64_t i = 0; i < count; ++i) rows[i] = static_cast<Row>(first_ + first + i);
        } else {
            rows_->rangeUint32Array(rows.data(), below(first_) + first, count);
        }
        for (auto row = rows.rbegin(); row != rows.rend(); ++row) out.push_back(segment_.row(*row));
    }

  private:
    bool intersect(const Plan& plan) {
        std::vector<LocalClause> clauses;
        clauses.reserve(plan.clauses.size());
        for (const auto& clause : plan.clauses) {
            clauses.emplace_back(clause, segment_);
            if (clauses.back().size == 0) return false;
        }
        std::sort(clauses.begin(), clauses.end(), [](const auto& a, const auto& b) { return a.size < b.size; });
        for (auto& clause : clauses) narrow(clause);
        return true;
    }

    void narrow(LocalClause& clause) {
        if (clause.keeps_silent) {
            if (clause.speaking == nullptr) return;
            RowSet failing = *clause.speaking;
            if (!clause.sets.empty()) failing -= unite(clause.sets);
            remove(failing);
        } else if (clause.sets.size() == 1) {
            narrow_to(*clause.sets.front());
        } else if (rows_ == nullptr) {
            own(unite(clause.sets));
        } else {
            own(*rows_ & unite(clause.sets));
        }
    }

    void narrow_to(const RowSet& set) {
        if (rows_ == nullptr) {
            rows_ = &set;
        } else {
            own(*rows_ & set);
        }
    }

    void exclude(const Plan& plan, const RowSet& dead) {
        std::vector<const RowSet*> sets;
        for (const auto& range : plan.excluded) add_rows_of(segment_, range, sets);
        if (!dead.isEmpty()) sets.push_back(&dead);
        for (const auto* set : sets) remove(*set);
    }

    void remove(const RowSet& set) {
        if (rows_ == nullptr) {
            RowSet all;
            all.addRange(0, segment_.size());
            own(all - set);
        } else {
            own(*rows_ - set);
        }
    }

    void own(RowSet rows) {
        owned_ = std::move(rows);
        rows_ = &*owned_;
    }

    // The number of matching rows before `row`.
    std::uint64_t below(Row row) const { return row == 0 ? 0 : rows_->rank(row - 1); }

    const Segment& segment_;
    Row first_ = 0;
    Row last_ = 0;
    bool is_empty_ = false;
    std::optional<RowSet> owned_;
    const RowSet* rows_ = nullptr;  // null: every row
};

}  // namespace

Page run(const Plan& plan, const index::Snapshot& snapshot, std::uint64_t offset, std::uint32_t count) {
    Page page;
    for (auto part = snapshot.parts.rbegin(); part != snapshot.parts.rend(); ++part) {
        const Match match(plan, *part);
        const std::uint64_t matches = match.count();
        const std::uint64_t wanted = count - page.rows.size();
        if (offset < page.total + matches && wanted > 0) {
            match.append(offset > page.total ? offset - page.total : 0, wanted, page.rows);
        }
        page.total += matches;
    }
    return page;
}

}  // namespace cvstroom::search
