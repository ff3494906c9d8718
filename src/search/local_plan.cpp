#include "search/local_plan.hpp"

#include <algorithm>

namespace cvstroom::search {

using index::RowsView;
using index::Segment;

// Clauses of codes cost a look-up each; those of sources some more, so they come when no other is empty.
bool LocalPlan::read(const Plan& plan, const index::Part& part) {
    const Segment& segment = *part.segment;
    clauses_.clear();
    sets_.clear();
    excluded_.clear();
    late_.clear();
    source_sets_.clear();
    for (std::size_t i = 0; i < plan.clauses.size(); ++i) {
        if (!plan.clauses[i].rows && !add_codes(plan.clauses[i], i, segment)) return false;
    }
    for (std::size_t i = 0; i < plan.clauses.size(); ++i) {
        if (plan.clauses[i].rows && !add_source(*plan.clauses[i].rows, i, segment)) return false;
    }
    std::sort(clauses_.begin(), clauses_.end(),
              [](const LocalClause& a, const LocalClause& b) { return a.most < b.most; });
    add_excluded(plan, part);
    return true;
}

void LocalPlan::add_sets(const Segment& segment, const CodeAtLeast& wanted, std::vector<RowSet>& sets) {
    const auto* code = segment.find_code(wanted.code);
    if (code == nullptr) return;
    views_.clear();
    segment.add_at_least(*code, wanted.rank, views_);
    sets.insert(sets.end(), views_.begin(), views_.end());
}

bool LocalPlan::add_codes(const Clause& clause, std::size_t number, const Segment& segment) {
    LocalClause local;
    local.number = number;
    local.first_set = static_cast<std::uint32_t>(sets_.size());
    if (clause.silent) {
        const auto* speaking = segment.find_code(*clause.silent);
        if (speaking == nullptr) return true;  // nobody says anything here: all are let through
        local.keeps_silent = speaking->rows < segment.size();
        local.speaking = segment.rows_of(*speaking);
        local.most = segment.size() - speaking->rows;
    }
    for (const auto& wanted : clause.any_of) add_sets(segment, wanted, sets_);
    local.set_count = static_cast<std::uint32_t>(sets_.size()) - local.first_set;
    for (const auto& set : sets(local)) local.most += set.size();
    if (local.most == 0) return false;
    local.is_exact = !local.keeps_silent && clause.any_of.size() == 1;  // sets of one code are disjoint
    clauses_.push_back(local);
    return true;
}

bool LocalPlan::add_source(const RowSource& source, std::size_t number, const Segment& segment) {
    const std::size_t before = source_sets_.clauses().size();
    const auto found = source.add_sets(segment, source_sets_);
    if (found == RowSource::Found::nothing) return false;
    if (found == RowSource::Found::candidates) late_.push_back({&source, number});
    for (const auto& clause : source_sets_.clauses().subspan(before)) {
        const auto added = source_sets_.sets(clause);
        if (clause.is_excluded) {
            excluded_.insert(excluded_.end(), added.begin(), added.end());
            continue;
        }
        LocalClause local;
        local.number = number;
        local.first_set = static_cast<std::uint32_t>(sets_.size());
        local.set_count = clause.set_count;
        sets_.insert(sets_.end(), added.begin(), added.end());
        for (const auto& set : added) local.most += set.size();
        if (clause.size) local.most = *clause.size;
        if (local.most == 0) return false;
        local.is_exact = clause.size.has_value() || clause.set_count == 1;
        clauses_.push_back(local);
    }
    return true;
}

void LocalPlan::add_excluded(const Plan& plan, const index::Part& part) {
    for (const auto& unwanted : plan.excluded) add_sets(*part.segment, unwanted, excluded_);
    if (!part.dead->is_empty()) excluded_.push_back(RowsView::of_bits(part.dead->words(), part.dead->size()));
}

}  // namespace cvstroom::search
