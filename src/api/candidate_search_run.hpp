// A search that has been read, answered on the index: the page, before it is written.
#pragma once

#include <memory>
#include <vector>

#include "api/call.hpp"
#include "api/candidate_search_request.hpp"
#include "search/ranking.hpp"

namespace cvstroom::api {

// The plan of criteria with everything that they stand for: codes, text, distance, the span of the log.
struct CompletePlan {
    search::Plan plan;
    std::shared_ptr<const search::TextSource> text;
    std::shared_ptr<const search::Distances> distances;
};
Result<CompletePlan> plan_search(const search::Criteria& criteria, const Services& services,
                                 const reference::ReferenceData& lists);

struct SearchOutcome {
    search::Criteria criteria;  // as they were read: see is_extended
    bool is_extended = false;   // nothing matched the last word, so it was taken for the beginning of one
    search::RankedPage page;
};

// The page that the request asks for, of the snapshot.
Result<SearchOutcome> run_search(const SearchRequest& request, const Services& services,
                                 const reference::ReferenceData& lists, const index::Snapshot& snapshot);

}  // namespace cvstroom::api
