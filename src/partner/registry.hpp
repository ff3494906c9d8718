// Who may come in, and through which door (SPEC 1).
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "partner/key.hpp"
#include "store/key_store.hpp"

namespace cvstroom::partner {

// The products that a key can open.
inline constexpr std::string_view product_cv = "cv";
inline constexpr std::string_view product_reference = "referentie";
inline constexpr std::string_view product_administration = "beheer";

enum class Access {
    granted,
    no_key,           // 401
    unknown_key,      // 401: never issued, or revoked; the caller is not told which
    no_subscription,  // 403: a good key, but not for this product
};

struct Admission {
    Access access{};
    std::string partner;     // whose key it is; empty unless the key is good
    std::string key_prefix;  // likewise
};

// Thread-safe. Keys that another process issues or revokes count within a fifth of a second.
class Registry {
  public:
    // `keys` and `clock` must outlive the registry.
    Registry(store::KeyStore& keys, const Clock& clock);

    // Issues a key for one product; the secret is in the answer and nowhere else.
    Result<NewKey> issue(const std::string& partner, const std::string& product);

    // Revokes by prefix or by whole key.
    Result<void> revoke(std::string_view key_or_prefix);

    Result<std::vector<store::KeyRecord>> list();

    // An unavailable store is an Error, not a refusal.
    Result<Admission> admit(std::string_view key, std::string_view product);

  private:
    using Keys = std::map<std::string, store::KeyRecord, std::less<>>;
    Result<std::shared_ptr<const Keys>> current_keys();

    store::KeyStore& store_;
    const Clock& clock_;
    std::mutex mutex_;
    std::shared_ptr<const Keys> keys_;
    std::uint64_t revision_ = 0;
    std::chrono::steady_clock::time_point checked_;
};

}  // namespace cvstroom::partner
