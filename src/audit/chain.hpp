// What ties the groups of an audit together: each seal's code authenticates the group's bytes and the code before it.
//
// code = HMAC-SHA256(key, code of the seal before || SHA-256(group)); the group is all bytes since the end of that
// seal's line, up to and including the `"code":"` of this one. In the first group of a file, the seal before is the
// last of the file before, which the header names too. The key is derived from the store's secret: whoever has the
// files alone cannot make a seal.
#pragma once

#include <span>
#include <string_view>

#include "base/digest.hpp"

namespace cvstroom::audit {

using Key = Sha256;

Key derive_key(std::span<const std::uint8_t, 32> store_secret);

// `key`: set up with a Key. `group`: the bytes as above.
Sha256 seal_code(HmacSha256& key, const Sha256& before, std::string_view group);

}  // namespace cvstroom::audit
