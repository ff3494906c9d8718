// The gate before every resource: the key, and the answer to those who do not pass.
#pragma once

#include <optional>
#include <string_view>

#include "api/call.hpp"
#include "partner/registry.hpp"

namespace cvstroom::api {

// The key of a request: X-IBM-Client-Id, or else "Authorization: Bearer …" (a field that proxies know to keep out of
// logs).
std::string_view key_of(const http::Request& request);

// Nothing when the caller may use `product`; otherwise the answer. Counts the request, and writes down in call.record
// whose it is, its plan and what is left of its limits.
std::optional<http::Response> refuse_entry(const Call& call, partner::Registry& registry, std::string_view product);

// RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-11), for a caller that has limits.
void set_limit_fields(const CallRecord& record, http::Response& response);

}  // namespace cvstroom::api
