#include "audit/chain.hpp"

#include <array>

namespace cvstroom::audit {

Key derive_key(std::span<const std::uint8_t, 32> store_secret) {
    return hmac_sha256(store_secret, "cvstroom audit 1");
}

// The group goes in by its digest, so that a long one is not copied behind the code before it.
Sha256 seal_code(HmacSha256& key, const Sha256& before, std::string_view group) {
    const Sha256 digest = sha256(group);
    std::array<char, 64> both{};
    for (std::size_t i = 0; i < 32; ++i) {
        both[i] = static_cast<char>(before[i]);
        both[32 + i] = static_cast<char>(digest[i]);
    }
    return key.code({both.data(), both.size()});
}

}  // namespace cvstroom::audit
