// GET /kandidaten/{id}: one CV (SPEC 3).
#pragma once

#include <string_view>

#include "api/call.hpp"

namespace cvstroom::api {

http::Response get_candidate(const Call& call, const Services& services, std::string_view id);

// The state of a CV as partners may see it: one rule of visibility for detail and batch (pitfall 11).
struct VisibleCandidate {
    store::Change change;             // the newest entry
    DocumentCache::Pointer document;  // null: not published, only the tombstone may be shown
};

// Nothing when the id never existed.
Result<std::optional<VisibleCandidate>> find_visible(const Services& services, const index::Snapshot& snapshot,
                                                     const Uuid& id, partner::Plan plan);

}  // namespace cvstroom::api
