#include "search/local_plan.hpp"

#include <algorithm>
#include <bit>

namespace cvstroom::search {

using index::RowsView;
using index::Segment;

// Clauses of codes cost a look-up each; those of sources may cost much, so they come when no other is empty.
bool LocalPlan::read(const Plan& plan, const index::Part& part) {
    const Segment& segment = *part.segment;
    clauses_.clear();
    sets_.clear();
    excluded_.clear();
    selected_count_ = 0;
    for (std::size_t i = 0; i < plan.clauses.size(); ++i) {
        if (!plan.clauses[i].rows && !add_codes(plan.clauses[i], i, segment)) return false;
    }
    const auto sources = std::count_if(plan.clauses.begin(), plan.clauses.end(),
                                       [](const Clause& clause) { return clause.rows != nullptr; });
    // Views point into what was selected: it must not move.
    if (selected_.size() < static_cast<std::size_t>(sources)) selected_.resize(static_cast<std::size_t>(sources));
    for (std::size_t i = 0; i < plan.clauses.size(); ++i) {
        const auto& source = plan.clauses[i].rows;
        if (source && source->estimate(segment) == 0) return false;
    }
    for (std::size_t i = 0; i < plan.clauses.size(); ++i) {
        if (plan.clauses[i].rows && !add_selected(plan.clauses[i], i, segment)) return false;
    }
    std::sort(clauses_.begin(), clauses_.end(),
              [](const LocalClause& a, const LocalClause& b) { return a.most < b.most; });
    add_excluded(plan, part);
    return true;
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
    for (const auto& wanted : clause.any_of) {
        if (const auto* code = segment.find_code(wanted.code)) segment.add_at_least(*code, wanted.rank, sets_);
    }
    local.set_count = static_cast<std::uint32_t>(sets_.size()) - local.first_set;
    for (const auto& set : sets(local)) local.most += set.size();
    if (local.most == 0) return false;
    clauses_.push_back(local);
    return true;
}

bool LocalPlan::add_selected(const Clause& clause, std::size_t number, const Segment& segment) {
    Selected& selected = selected_[selected_count_++];
    selected.rows.clear();
    clause.rows->select(segment, selected.rows);
    LocalClause local;
    local.number = number;
    local.first_set = static_cast<std::uint32_t>(sets_.size());
    local.set_count = 1;
    if (selected.rows.is_dense) {
        for (const auto word : selected.rows.words) local.most += static_cast<std::uint64_t>(std::popcount(word));
        selected.rows.words.resize(index::words_for(segment.size()), 0);
        sets_.push_back(RowsView::of_bits(selected.rows.words.data(), static_cast<std::uint32_t>(local.most)));
    } else {
        local.most = selected.rows.rows.size();
        selected.units.clear();
        index::RowList::write(selected.rows.rows, selected.units);
        sets_.push_back(
            RowsView::of_list(index::RowList(selected.units.data()), static_cast<std::uint32_t>(local.most)));
    }
    clauses_.push_back(local);
    return local.most > 0;
}

void LocalPlan::add_excluded(const Plan& plan, const index::Part& part) {
    for (const auto& unwanted : plan.excluded) {
        const auto* code = part.segment->find_code(unwanted.code);
        if (code != nullptr) part.segment->add_at_least(*code, unwanted.rank, excluded_);
    }
    if (!part.dead->is_empty()) excluded_.push_back(RowsView::of_bits(part.dead->words(), part.dead->size()));
}

}  // namespace cvstroom::search
