// GET /kandidaten: interactive search (SPEC 4).
#pragma once

#include "api/call.hpp"

namespace cvstroom::api {

http::Response search_candidates(const Call& call, const Services& services);

}  // namespace cvstroom::api
