// GET /kandidaten: interactive search (SPEC 4).
#pragma once

#include "api/call.hpp"
#include "api/long_work.hpp"

namespace cvstroom::api {

// Answers at once, or by `work` when that takes longer than others should wait. `services` and `work` outlive the
// answer.
http::Response search_candidates(const Call& call, const Services& services, LongWork& work);

}  // namespace cvstroom::api
