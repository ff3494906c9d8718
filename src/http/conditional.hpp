// Conditional requests (RFC 9110 §13).
#pragma once

#include <string_view>

namespace cvstroom::http {

// Does an If-None-Match field (a list of tags, or *) name the entity tag `opaque` (without quotes) of any coding?
// "7", W/"7", "7-gzip" and "7-zstd" all name the version 7.
bool names_etag(std::string_view if_none_match, std::string_view opaque);

}  // namespace cvstroom::http
