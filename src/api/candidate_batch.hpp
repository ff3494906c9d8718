// POST /kandidaten: many CVs in one call (SPEC 3 and 5).
#pragma once

#include "api/call.hpp"

namespace cvstroom::api {

http::Response get_candidates(const Call& call, const Services& services);

}  // namespace cvstroom::api
