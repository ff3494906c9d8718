// What both doors share: methods, unknown paths, refusals.
#pragma once

#include <string_view>

#include "api/call.hpp"

namespace cvstroom::api {

// HEAD is GET; the transport leaves the body out.
bool is_get(const http::Request& request);

http::Response wrong_method(const Call& call, std::string_view allowed);
http::Response unknown_path(const Call& call);

// The answer to what was no request at all.
http::Response refuse_transport(unsigned status, std::string_view reason);

}  // namespace cvstroom::api
