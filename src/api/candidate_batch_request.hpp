// The body of POST /kandidaten: which CVs, and which versions of them the partner holds.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/uuid.hpp"
#include "http/problem.hpp"
#include "store/store.hpp"

namespace cvstroom::api {

// One CV that is asked for; `held` is the version that the partner has already.
struct AskedCandidate {
    Uuid id;
    std::optional<store::Version> held;
};

// {"cvIds": ["…"]} or {"cvs": [{"cvId": "…", "versie": 7}]}, at most 500. Everything that is wrong with it goes to
// `issues`, by JSON Pointer; then the result means nothing.
std::vector<AskedCandidate> read_batch_request(std::string_view body, std::vector<http::Issue>& issues);

}  // namespace cvstroom::api
