// What the feed itself refuses: an impossible window, a cursor that is not ours, history that is gone.
#pragma once

#include "api/call.hpp"

namespace cvstroom::api {

// 400, 410 with the way to start over, or what failure() makes of it.
http::Response refuse_position(const Call& call, const Error& error);

}  // namespace cvstroom::api
