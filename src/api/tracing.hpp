// Trace ids (Belgif trc-header): a new one on every answer, and the caller's own beside it.
#pragma once

#include "http/message.hpp"

namespace cvstroom::api {

// Sets BelGov-Trace-Id, and BelGov-Related-Trace-Id when the request brought a BelGov-Trace-Id that may be repeated:
// at most 64 letters, digits and dashes. Returns the answer's trace id.
std::string set_trace_ids(const http::Request& request, http::Response& response);

}  // namespace cvstroom::api
