// The faults of a key, as they stand on the wire.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/sandbox_partner.hpp"
#include "http/problem.hpp"
#include "sandbox/faults.hpp"

namespace cvstroom::api {

// {"storingen":[{"soort":"teVeel","deel":10,"zaad":1,"duur":600,"pauze":2}, …]}; all but `soort` may be left out.
// Everything that is wrong with it goes to `issues`, by JSON Pointer.
std::vector<sandbox::Fault> read_faults(std::string_view body, std::vector<http::Issue>& issues);

std::string write_faults(const std::vector<FaultState>& states);

}  // namespace cvstroom::api
