// The query of a call, and the answer when something is wrong with it.
#pragma once

#include <vector>

#include "api/call.hpp"
#include "base/parameter.hpp"

namespace cvstroom::api {

// No resource needs a longer query: a list that names every value it may is shorter.
inline constexpr std::size_t most_query_bytes = 8 * 1024;

// The decoded parameters, or the 400 that says why they cannot be read, or that they are too long (it names the
// longest).
tl::expected<std::vector<Parameter>, http::Response> read_parameters(const Call& call);

// One 400 that names every wrong parameter.
http::Response bad_parameters(const Call& call, const std::vector<ParameterIssue>& issues);

// A fault whose text exists in English only: what the rooms below say of one parameter.
http::Response bad_parameter(const Call& call, const Error& error);

}  // namespace cvstroom::api
