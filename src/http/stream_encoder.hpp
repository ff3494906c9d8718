// Compresses a body that is made in pieces (see BodySource): what went in comes out with every flush, so that a client
// can use each piece as it comes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/negotiation.hpp"

namespace cvstroom::http {

// One thread at a time. Holds about a megabyte for zstd and 256 KiB for gzip, as long as the body lasts.
class StreamEncoder {
  public:
    static std::unique_ptr<StreamEncoder> make(Coding coding);
    virtual ~StreamEncoder() = default;

    // Appends the encoded form of `plain` to `out`, flushed; with `is_last` also the end of the encoded body.
    virtual Result<void> encode(std::string_view plain, bool is_last, std::string& out) = 0;
};

}  // namespace cvstroom::http
