// Result<T>: a value, or the Error that says why there is none.
// What a caller can cause comes back as a Result; exceptions stay inside the room that meets them (STYLE, Errors).
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace cvstroom {

enum class ErrorCode {
    invalid_input,  // the caller gave something wrong; `where` names it
    not_found,
    conflict,     // a precondition did not hold (a version moved on, a name is taken)
    gone,         // it existed, but history no longer reaches it
    refused,      // not allowed: a key, a state, a permission
    unavailable,  // try again: busy, locked, shutting down
    io,           // the disk, the network or the database failed
    corrupt,      // stored bytes are not what was written
};

struct Error {
    ErrorCode code{};
    std::string message;  // for a person: what is wrong and what would be right
    std::string where;    // a file, a parameter, a JSON Pointer; may be empty
};

// "where: message", or the message alone.
inline std::string to_string(const Error& error) {
    return error.where.empty() ? error.message : error.where + ": " + error.message;
}

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string where = {}) {
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(where)});
}

}  // namespace cvstroom
