// The stored form of a document: one zstd frame, which is also a valid `Content-Encoding: zstd` body
// (RFC 8878; window within RFC 9659's 8 MB).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cvstroom::store {

// Thread-safe; each thread keeps its own context.
std::string compress_document(std::string_view canonical);

// corrupt when the bytes are no whole frame, or unpack to more than `limit` bytes.
Result<std::string> decompress_document(std::string_view frame, std::size_t limit = 8 * 1024 * 1024);

}  // namespace cvstroom::store
