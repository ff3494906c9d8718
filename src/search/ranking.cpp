#include "search/ranking.hpp"

#include <algorithm>

#include "search/engine.hpp"
#include "search/text_ranking.hpp"

namespace cvstroom::search {
namespace {

// A match with what it is ordered by. Less is better.
struct Hit {
    float key;
    std::uint32_t part;
    index::Row row;
};

bool stands_before(const Hit& a, const Hit& b) {
    if (a.key != b.key) return a.key < b.key;
    if (a.part != b.part) return a.part > b.part;
    return a.row > b.row;
}

// The rows as a list; `buffer` holds it when they are none.
std::span<const index::Row> list_of(const MatchedRows& rows, std::vector<index::Row>& buffer) {
    if (!rows.is_dense) return rows.rows;
    buffer.clear();
    buffer.reserve(rows.count);
    index::append_rows(rows.words, buffer);
    return buffer;
}

// The slice [offset, offset + count) of the hits in order, without ordering the rest.
std::vector<Hit> slice(std::vector<Hit>& hits, std::uint64_t offset, std::uint32_t count) {
    if (offset >= hits.size()) return {};
    const auto begin = hits.begin() + static_cast<std::ptrdiff_t>(offset);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(count, hits.size() - offset));
    if (offset > 0) std::nth_element(hits.begin(), begin, hits.end(), stands_before);
    std::partial_sort(begin, end, hits.end(), stands_before);
    return {begin, end};
}

// Calls key(row) for each match, prefetch(row) some rows before, and enter(part) before those of a part.
template <typename Enter, typename Prefetch, typename Key>
std::vector<Hit> collect(const Plan& plan, const index::Snapshot& snapshot, const Enter& enter,
                         const Prefetch& prefetch, const Key& key) {
    std::vector<Hit> hits;
    std::vector<index::Row> buffer;
    visit_matches(plan, snapshot, [&](std::size_t part, const MatchedRows& rows) {
        enter(part);
        const auto list = list_of(rows, buffer);
        hits.reserve(hits.size() + list.size());
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (i + index::prefetch_ahead < list.size()) prefetch(list[i + index::prefetch_ahead]);
            hits.push_back({key(list[i]), static_cast<std::uint32_t>(part), list[i]});
        }
    });
    return hits;
}

}  // namespace

RankedPage run_by_relevance(const Plan& plan, const TextPlan& text, const index::Snapshot& snapshot,
                            std::uint64_t offset, std::uint32_t count) {
    TextRanker ranker(text, snapshot);
    auto hits = collect(
        plan, snapshot, [&](std::size_t part) { ranker.enter(part); }, [&](index::Row row) { ranker.prefetch(row); },
        [&](index::Row row) { return -ranker.score(row); });
    RankedPage page{hits.size(), {}};
    for (const auto& hit : slice(hits, offset, count)) {
        page.rows.push_back({snapshot.parts[hit.part].segment->row(hit.row), -hit.key});
    }
    return page;
}

RankedPage run_by_distance(const Plan& plan, const Distances& distances, const index::Snapshot& snapshot,
                           std::uint64_t offset, std::uint32_t count) {
    const index::Segment* segment = nullptr;
    const auto metres = [&](index::Row row) { return distances[segment->postcode(row)]; };
    auto hits = collect(
        plan, snapshot, [&](std::size_t part) { segment = snapshot.parts[part].segment.get(); }, [](index::Row) {},
        [&](index::Row row) { return static_cast<float>(metres(row)); });
    RankedPage page{hits.size(), {}};
    for (const auto& hit : slice(hits, offset, count)) {
        segment = snapshot.parts[hit.part].segment.get();
        RankedRow row{segment->row(hit.row)};
        if (metres(hit.row) != reference::Places::unknown_distance) row.metres = metres(hit.row);
        page.rows.push_back(std::move(row));
    }
    return page;
}

}  // namespace cvstroom::search
