// The query string as a list of decoded parameters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/parameter.hpp"
#include "base/result.hpp"

namespace cvstroom::http {

using cvstroom::Parameter;

// Splits at '&' and the first '=', decodes %XX and '+' (as a space). Order and repetitions are kept.
// invalid_input, with `where` naming the parameter, for a broken %-sequence, text that is not UTF-8, a NUL,
// a parameter without a name or without '='. An empty query has no parameters.
Result<std::vector<Parameter>> parse_query(std::string_view query);

// Percent-encodes everything but RFC 3986's unreserved characters and the few that query values may carry (, : /).
std::string encode_query_value(std::string_view value);

}  // namespace cvstroom::http
