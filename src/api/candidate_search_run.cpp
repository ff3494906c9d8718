#include "api/candidate_search_run.hpp"

#include "search/engine.hpp"
#include "search/sources.hpp"

namespace cvstroom::api {
namespace {

search::RankedPage run_newest(const search::Plan& plan, const index::Snapshot& snapshot, const Paging& paging) {
    auto page = search::run(plan, snapshot, paging.offset, paging.count);
    search::RankedPage ranked{page.total, {}};
    ranked.rows.reserve(page.rows.size());
    for (auto& row : page.rows) ranked.rows.push_back({row});
    return ranked;
}

search::RankedPage run_in_order(const CompletePlan& complete, SearchOrder order, const index::Snapshot& snapshot,
                                const Paging& paging) {
    switch (order) {
        case SearchOrder::relevance:
            return search::run_by_relevance(complete.plan, complete.text->plan(), snapshot, paging.offset,
                                            paging.count);
        case SearchOrder::distance:
            return search::run_by_distance(complete.plan, *complete.distances, snapshot, paging.offset, paging.count);
        case SearchOrder::newest:
            break;
    }
    return run_newest(complete.plan, snapshot, paging);
}

}  // namespace

Result<CompletePlan> plan_search(const search::Criteria& criteria, const Services& services,
                                 const reference::ReferenceData& lists) {
    CompletePlan complete{search::make_plan(criteria, services.index.dictionary()), {}, {}};
    auto sources = search::add_sources(criteria, lists.places(), complete.plan);
    complete.text = std::move(sources.text);
    complete.distances = std::move(sources.distances);
    if (criteria.changed_from) {
        const auto seq = services.store.first_at_or_after(*criteria.changed_from);
        if (!seq) return tl::unexpected(seq.error());
        complete.plan.from = *seq;
    }
    if (criteria.changed_until) {
        const auto seq = services.store.first_at_or_after(*criteria.changed_until);
        if (!seq) return tl::unexpected(seq.error());
        complete.plan.until = *seq;
    }
    return complete;
}

Result<SearchOutcome> run_search(const SearchRequest& request, const Services& services,
                                 const reference::ReferenceData& lists, const index::Snapshot& snapshot) {
    SearchOutcome outcome{request.criteria, false, {}};
    const auto plan = plan_search(outcome.criteria, services, lists);
    if (!plan) return tl::unexpected(plan.error());
    outcome.page = run_in_order(*plan, request.order, snapshot, request.paging());
    if (outcome.page.total > 0 || !outcome.criteria.text) return outcome;
    SearchOutcome extended{request.criteria, true, {}};
    if (!search::extend_last_word(*extended.criteria.text)) return outcome;
    const auto extended_plan = plan_search(extended.criteria, services, lists);
    if (!extended_plan) return tl::unexpected(extended_plan.error());
    extended.page = run_in_order(*extended_plan, request.order, snapshot, request.paging());
    return extended.page.total > 0 ? extended : outcome;
}

}  // namespace cvstroom::api
