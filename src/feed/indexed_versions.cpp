#include "feed/indexed_versions.hpp"

#include <algorithm>
#include <utility>

#include "index/terms.hpp"
#include "search/engine.hpp"

namespace cvstroom::feed {
namespace {

constexpr std::size_t most_changes_since = 10'000;

// The same criteria or wider ones, which an index answers rightly also where some of its rows were made with other
// lists of regions: a row has the region that its document names, whatever else it has.
search::Criteria widened(const Selection& selection) {
    const auto& regions = selection.lists->list(candidate::CodeKind::region);
    auto criteria = selection.criteria;
    for (auto& criterion : criteria.criteria) {
        if (criterion.dimension != index::Dimension::region) continue;
        criterion.excluded.clear();
        const auto wanted = std::exchange(criterion.wanted, {});
        if (criterion.all || criteria.keep_unknown) continue;
        for (const auto& value : wanted) {
            criterion.wanted.push_back(value);
            for (const auto inside : regions.with_descendants(value.code)) {
                criterion.wanted.push_back({std::string(inside), value.least_rank});
            }
        }
    }
    return criteria;
}

void append_matches(const search::Plan& plan, const index::Snapshot& snapshot, std::vector<store::Seq>& entries) {
    search::visit_matches(plan, snapshot, [&](std::size_t part, const search::MatchedRows& rows) {
        const auto& segment = *snapshot.parts[part].segment;
        const auto add = [&](index::Row row) { entries.push_back(segment.seq(row)); };
        if (rows.is_dense) {
            index::each_bit(rows.words, add);
        } else {
            std::for_each(rows.rows.begin(), rows.rows.end(), add);
        }
    });
}

// What was published at `until` and has been superseded since is in no snapshot of later. False: too much was.
Result<bool> append_superseded(store::Store& store, store::Seq until, std::vector<store::Seq>& entries) {
    const auto since = store.changes_after(until, most_changes_since);
    if (!since) return tl::unexpected(since.error());
    if (since->size() == most_changes_since) return false;
    for (const auto& change : *since) {
        const auto before = store.state_before(change.seq, until);
        if (!before) return tl::unexpected(before.error());
        if (*before && (*before)->status == candidate::Status::open) entries.push_back((*before)->seq);
    }
    return true;
}

}  // namespace

IndexedVersions::IndexedVersions(const index::Index& index, const reference::CurrentLists& lists)
    : index_(index), fingerprint_(index::indexing_fingerprint(*lists.get())) {}

Result<std::optional<std::vector<store::Seq>>> IndexedVersions::candidates(store::Store& store,
                                                                           const Selection& selection,
                                                                           store::Seq until) const {
    std::optional<std::vector<store::Seq>> none;
    // The snapshot before the plan: then every code of its rows is in the dictionary that the plan looks into. And
    // before the log: what is superseded later is in it.
    const auto snapshot = index_.snapshot();
    if (snapshot->watermark < until) return none;
    if (index::indexing_fingerprint(*selection.lists) != fingerprint_) return none;
    auto plan = search::make_plan(widened(selection), index_.dictionary());
    plan.until = until + 1;
    std::vector<store::Seq> entries;
    append_matches(plan, *snapshot, entries);
    const auto is_all = append_superseded(store, until, entries);
    if (!is_all) return tl::unexpected(is_all.error());
    if (!*is_all) return none;
    std::sort(entries.begin(), entries.end());
    entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    return std::optional(std::move(entries));
}

}  // namespace cvstroom::feed
