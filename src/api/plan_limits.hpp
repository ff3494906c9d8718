// What a subscription without personal data may not ask (docs/partners.md): neither to see it, nor to search in it.
#pragma once

#include <vector>

#include "api/call.hpp"
#include "base/parameter.hpp"

namespace cvstroom::api {

// Adds an issue for each parameter of a search that asks for, or looks into, what the caller's plan hides: `velden`
// that masking takes away, and `trefwoord`, because whoever knows a name or a sentence of somebody could find the CV by
// it.
void refuse_hidden(const Call& call, const std::vector<Parameter>& parameters, std::vector<ParameterIssue>& issues);

}  // namespace cvstroom::api
