// GET /kandidaten/bulk/controle: count and digest of what is published at an instant (SPEC 5).
#pragma once

#include "api/call.hpp"
#include "api/work_pool.hpp"

namespace cvstroom::api {

// Answered on the pool: the present costs a millisecond, the past a walk over the changes since.
http::Response get_control(const Call& call, const Services& services, WorkPool& work);

}  // namespace cvstroom::api
