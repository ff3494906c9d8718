// POST /kandidaten: many CVs in one call (SPEC 3 and 5).
#pragma once

#include "api/call.hpp"
#include "api/long_work.hpp"

namespace cvstroom::api {

http::Response get_candidates(const Call& call, const Services& services, LongWork& work);

}  // namespace cvstroom::api
