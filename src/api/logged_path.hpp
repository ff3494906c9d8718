// The path of a request as a log may hold it: ids and the words that routes are made of. Whatever else stands in it,
// such as a partner's name or what a client took for an id, may be about a person.
#pragma once

#include <string>
#include <string_view>

namespace cvstroom::api {

// The same path with "*" for each segment that is neither a word of a route nor a UUID.
std::string logged_path(std::string_view path);

}  // namespace cvstroom::api
