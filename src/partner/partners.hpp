// What a provider does with its partners: every step is checked, and recorded with who took it and when.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "partner/key.hpp"
#include "partner/life_cycle.hpp"
#include "partner/product.hpp"
#include "store/partner_store.hpp"

namespace cvstroom::partner {

// Requests. Nothing: as it is, or as usual in a new subscription.
struct Limits {
    std::optional<std::uint64_t> per_minute;
    std::optional<std::uint64_t> per_day;
};

// Errors: not_found (no such partner or key), conflict (a name that is taken, a state that forbids it), invalid_input
// (`where` names the parameter). Thread-safe; several processes may do this at once, a step is taken from the state
// that was looked at or not at all.
class Partners {
  public:
    // Both must outlive this.
    Partners(store::PartnerStore& store, const Clock& clock) : store_(store), clock_(clock) {}

    // A new partner, or one that was ended and comes back.
    Result<store::PartnerRecord> apply(const std::string& name, const std::string& contact, const std::string& who);
    Result<store::PartnerRecord> approve(const std::string& name, const std::string& note, const std::string& who);
    // A contract of a later day than today is refused: a clock or a date is wrong.
    Result<store::PartnerRecord> sign(const std::string& name, const store::ContractRecord& contract,
                                      const std::string& who);
    Result<store::PartnerRecord> activate(const std::string& name, const std::string& note, const std::string& who);
    Result<store::PartnerRecord> suspend(const std::string& name, const std::string& reason, const std::string& who);
    // Revokes all of its keys.
    Result<store::PartnerRecord> end(const std::string& name, const std::string& reason, const std::string& who);

    // Adds or changes the subscription to `product`. In any state but ended. Without `plan` it keeps its own, so that
    // other limits never turn an anonymous subscription into a full one; a new one is full.
    Result<store::PartnerRecord> subscribe(const std::string& name, const std::string& product,
                                           std::optional<Plan> plan, const Limits& limits, const std::string& who);
    Result<store::PartnerRecord> unsubscribe(const std::string& name, const std::string& product,
                                             const std::string& who);
    Result<store::PartnerRecord> set_limits(const std::string& name, const std::string& product, const Limits& limits,
                                            const std::string& who);

    // Takes a partner through every step that is left, for sandboxes and first trials, and subscribes it to `products`
    // that it lacks. Each step is recorded, and says that it was taken so.
    Result<store::PartnerRecord> take_through(const std::string& name, const std::vector<std::string>& products,
                                              const Limits& limits, const std::string& who);

    Result<store::PartnerRecord> find(const std::string& name);
    Result<std::vector<store::PartnerRecord>> list() { return store_.partners(); }
    Result<std::vector<store::PartnerEvent>> history(const std::string& name);
    Result<std::vector<store::UsageRecord>> usage(const std::string& name);

    // A key for a partner that has not ended; it opens nothing before the partner is active. `product` empty: all that
    // the partner subscribes to.
    Result<NewKey> issue_key(const std::string& name, const std::string& product, std::optional<Instant> expires,
                             const std::string& who);
    // A key for the provider's side; `holder` is who uses it.
    Result<NewKey> issue_administration_key(const std::string& holder, std::optional<Instant> expires,
                                            const std::string& who);
    // A new key with the same rights; the old one goes on for `overlap`, then it expires. The new one expires when the
    // old one would have, or at `expires`.
    Result<NewKey> rotate_key(std::string_view key_or_prefix, std::chrono::seconds overlap,
                              std::optional<Instant> expires, const std::string& who);
    // By prefix or by whole key.
    Result<void> revoke_key(std::string_view key_or_prefix, const std::string& who);

  private:
    Result<store::PartnerRecord> take(Step step, const store::PartnerRecord& before, store::PartnerRecord partner,
                                      const std::string& detail, const std::string& who);
    Result<store::PartnerRecord> take(Step step, const std::string& name, const std::string& detail,
                                      const std::string& who);
    Result<store::PartnerRecord> change(const store::PartnerRecord& before, store::PartnerRecord after,
                                        const std::string& what, const std::string& detail, const std::string& who);
    Result<store::KeyRecord> find_key(const std::string& prefix);

    store::PartnerStore& store_;
    const Clock& clock_;
};

}  // namespace cvstroom::partner
