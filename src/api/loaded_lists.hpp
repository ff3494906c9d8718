// The provider's own code lists, on its listener: what 'cvstroom reference load', 'reset' and 'list' do (docs/reference.md).
#pragma once

#include <optional>

#include "api/call.hpp"
#include "store/loaded_lists.hpp"
#include "store/reference_store.hpp"

namespace cvstroom::api {

// GET /beheer/v1/lijsten and /beheer/v1/lijsten/{lijst}: the versions. PUT /beheer/v1/lijsten/{lijst}: the body, a
// tab-separated file, replaces the list; with `proef=true` it is only said what would change, and with
// `afdwingen=true` codes may go that published CVs use. DELETE, with the same parameters: back to the list that comes
// with the program; the versions before it are kept. Nothing when the path is another one.
std::optional<http::Response> administer_lists(const Call& call, const Services& services, store::ReferenceStore& lists,
                                               store::ListFollower& follower);

}  // namespace cvstroom::api
