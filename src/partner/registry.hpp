// Who may come in, through which door, and how often (SPEC 1): what every request asks.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "partner/key.hpp"
#include "partner/life_cycle.hpp"
#include "partner/partners.hpp"
#include "partner/product.hpp"
#include "partner/quota.hpp"
#include "store/partner_store.hpp"

namespace cvstroom::partner {

enum class Access {
    granted,
    no_key,           // 401
    unknown_key,      // 401: never issued, or revoked; the caller is not told which
    expired_key,      // 401: a good key once
    not_active,       // 403: the partner is not active (Admission::state)
    no_subscription,  // 403: a good key, but not for this product
    over_limit,       // 429
    over_failures,    // 429: too many of its calls failed
};

// Of one request. What is said of the partner is empty unless the key is good.
struct Admission {
    Access access{};
    std::string partner{};     // whose key it is
    std::string key_prefix{};  // likewise
    Plan plan = Plan::full;    // of the subscription; only when granted
    State state = State::active;
    Allowance allowance{};                        // only when granted or over a limit, and the product has limits
    std::shared_ptr<const std::string> policy{};  // the RateLimit-Policy field; null: the product has no limits
    // What calls take from that fail by the caller's doing; when it is empty nothing is granted. Null: no limits.
    std::shared_ptr<TokenBucket> failures{};
};

// Thread-safe. What another process does to partners and keys counts within a fifth of a second. A request takes no
// lock, but for one in each fifth of a second, which looks for news.
class Registry {
  public:
    // Both must outlive the registry.
    Registry(store::PartnerStore& store, const Clock& clock);
    ~Registry();

    // Decides on a request, and counts it. An unavailable store is an Error, not a refusal.
    Result<Admission> admit(std::string_view key, std::string_view product);

    // Whether a request with this key would still be admitted, with this plan; counts nothing. For what goes on long
    // after it was admitted.
    Result<bool> still_admits(std::string_view key_prefix, std::string_view product, Plan plan);

    // A number that is the same for all requests of one partner, for dealing out time between partners; 0 for a key
    // that is not known here. Looks at the key's public part only: it admits nobody.
    std::uint64_t flow_of(std::string_view key);

    // Writes down what was used since the last time: requests by day, and each key's last use. Now and then, and at
    // the end; what a crash loses is what came after the last time.
    Result<void> flush_usage();

    // The quick way, for sandboxes and tests: a key for one product, of a partner that is taken through every step
    // that it lacks (Partners::take_through). For "beheer" an administrator's key.
    Result<NewKey> issue(const std::string& partner, const std::string& product);
    Result<void> revoke(std::string_view key_or_prefix);

  private:
    struct Directory;
    using Pointer = std::shared_ptr<const Directory>;

    Result<Pointer> current();
    Result<void> look_for_news();
    Instant now();

    store::PartnerStore& store_;
    const Clock& clock_;
    std::mutex mutex_;  // directory_, revision_ and news
    Pointer directory_;
    std::uint64_t revision_ = 0;
    std::atomic<std::uint64_t> generation_{0};  // of directory_; unique among all registries; 0: nothing read yet
    std::atomic<std::int64_t> next_look_{0};    // on the steady clock
    std::atomic<std::int64_t> latest_{0};       // the latest instant seen: expiry does not come back with the clock
};

}  // namespace cvstroom::partner
