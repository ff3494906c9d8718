#include "search/local_plan.hpp"

#include <algorithm>
#include <array>

#include "search/bit_kernels.hpp"

namespace cvstroom::search {

using index::RowsView;
using index::Segment;

namespace {

// To try a row costs about as much as to select so many.
constexpr double late_ratio = 4;

}  // namespace

// Clauses of codes cost a look-up each; those of sources may cost much, so they come when no other is empty.
bool LocalPlan::read(const Plan& plan, const index::Part& part) {
    const Segment& segment = *part.segment;
    clauses_.clear();
    sets_.clear();
    excluded_.clear();
    late_.clear();
    selected_count_ = 0;
    for (std::size_t i = 0; i < plan.clauses.size(); ++i) {
        if (!plan.clauses[i].rows && !add_codes(plan.clauses[i], i, segment)) return false;
    }
    const auto sources = std::count_if(plan.clauses.begin(), plan.clauses.end(),
                                       [](const Clause& clause) { return clause.rows != nullptr; });
    // Views point into what was selected: it must not move.
    if (selected_.size() < static_cast<std::size_t>(sources)) selected_.resize(static_cast<std::size_t>(sources));
    const double candidates = expected_rows(segment.size());
    for (std::size_t i = 0; i < plan.clauses.size() && sources > 0; ++i) {
        const auto* source = plan.clauses[i].rows.get();
        if (source == nullptr) continue;
        const std::uint64_t most = source->estimate(segment);
        if (most == 0) return false;
        if (candidates * late_ratio < static_cast<double>(most)) late_.push_back({source, i});
    }
    for (std::size_t i = 0; i < plan.clauses.size() && sources > 0; ++i) {
        const bool is_late =
            std::any_of(late_.begin(), late_.end(), [i](const LateClause& late) { return late.number == i; });
        if (plan.clauses[i].rows && !is_late && !add_selected(plan.clauses[i], i, segment)) return false;
    }
    std::sort(clauses_.begin(), clauses_.end(),
              [](const LocalClause& a, const LocalClause& b) { return a.most < b.most; });
    add_excluded(plan, part);
    return true;
}

// As if codes were independent of each other.
double LocalPlan::expected_rows(index::Row segment_size) const {
    double rows = segment_size;
    for (const auto& clause : clauses_) rows *= std::min(1.0, static_cast<double>(clause.most) / segment_size);
    return rows;
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
        const auto* words = selected.rows.borrowed != nullptr ? selected.rows.borrowed : selected.rows.words.data();
        const std::array set{words};
        local.most = kernels().count({set, {}}, index::words_for(segment.size()));
        sets_.push_back(RowsView::of_bits(words, static_cast<std::uint32_t>(local.most)));
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
