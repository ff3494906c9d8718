// The bytes that stand before a body in HTTP/1.1 (RFC 9112 §4-6).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cvstroom::http {

// Does an answer to `method` carry a body at all (RFC 9110 §6.4.1)?
bool carries_body(unsigned status, bool is_head);

// Appends the status line and fields up to and including the empty line. Line breaks inside a value become spaces:
// a value that echoes what a client sent must not be able to add fields. `chunked`: the body comes in chunks; a source
// without it is a body that ends with the connection.
void append_head(std::string& out, const Response& response, std::string_view date, bool keep_alive,
                 bool chunked = false);

// Appends a chunk (none for no bytes: that would end the body), and with `is_last` the end (RFC 9112 §7.1).
void append_chunk(std::string& out, std::string_view bytes, bool is_last);

}  // namespace cvstroom::http
