// API keys: what one looks like, and how it is kept.
//
// "cvs_<8 hex digits>_<32 hex digits>": the first two parts are the key's public name (its prefix), the last is 128
// bits from the operating system's generator (SPEC 1). Only the SHA-256 of the whole is kept: a key with that much
// entropy needs no slow hash.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/digest.hpp"

namespace cvstroom::partner {

struct NewKey {
    std::string prefix;  // may be logged and shown
    std::string secret;  // the whole key; shown once, never stored
};

NewKey make_key();

// The public part of what looks like a key; nothing when it cannot be one.
std::optional<std::string_view> key_prefix(std::string_view key);

}  // namespace cvstroom::partner
