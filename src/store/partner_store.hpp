// Where partners are kept: their state, subscriptions, keys, use, and the history of all that was done (SPEC 1 and 7).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/key_store.hpp"

namespace cvstroom::store {

struct ContractRecord {
    std::string reference;
    Date signed_on;
    std::string signed_by;
};

struct SubscriptionRecord {
    std::string product;
    std::string plan;  // "volledig", "anoniem"
    std::uint64_t per_minute = 0;
    std::uint64_t per_day = 0;
    bool operator==(const SubscriptionRecord&) const = default;
};

struct PartnerRecord {
    std::string name;  // unique, ASCII case aside
    std::string contact;
    std::string state;  // wire name
    std::optional<ContractRecord> contract;
    std::vector<SubscriptionRecord> subscriptions;  // by product
};

// One step, for good: the store knows no way to change or remove it.
struct PartnerEvent {
    std::uint64_t seq = 0;  // given by the store
    std::string partner;
    Instant instant{};  // given by the store: never earlier than an event before it, whatever the clock does
    std::string who;
    std::string what;
    std::string detail;
};

// Requests of one day (UTC).
struct UsageRecord {
    std::string partner;
    std::string product;
    Date day;
    std::uint64_t served = 0;
    std::uint64_t refused = 0;  // over the limits
};

struct KeyUse {
    std::string prefix;
    Instant at{};
};

// Every change is durable when it returns, and has its event in the same transaction. Thread-safe.
class PartnerStore : public KeyStore {
  public:
    // conflict when the name is taken.
    virtual Result<void> add_partner(const PartnerRecord& partner, const PartnerEvent& event) = 0;
    // Replaces all that is known of a partner, if its state and subscriptions are still those of `expected`: conflict
    // otherwise, not_found when there is no such partner. With revoke_keys its keys are revoked too.
    virtual Result<void> change_partner(const PartnerRecord& partner, const PartnerRecord& expected,
                                        const PartnerEvent& event, bool revoke_keys) = 0;
    // By name, ASCII case aside.
    virtual Result<std::optional<PartnerRecord>> partner(const std::string& name) = 0;
    virtual Result<std::vector<PartnerRecord>> partners() = 0;  // by name
    // All steps of a partner, oldest first.
    virtual Result<std::vector<PartnerEvent>> partner_events(const std::string& name) = 0;

    // conflict when the prefix is taken. An administrator's key has no partner, and no event: it knows
    // itself who issued and revoked it, as all do.
    virtual Result<void> insert_key(const KeyRecord& key, const std::optional<PartnerEvent>& event) = 0;
    // not_found when there is no such prefix; revoking twice keeps the first instant, and who did it then.
    virtual Result<void> revoke_key(const std::string& prefix, Instant at, const std::string& who,
                                    const std::optional<PartnerEvent>& event) = 0;
    // Stores `next`, and lets the key `prefix` expire at `at` unless it does so earlier. Both or neither.
    virtual Result<void> rotate_key(const std::string& prefix, Instant at, const KeyRecord& next,
                                    const std::optional<PartnerEvent>& event) = 0;

    // Adds to what is known of the use of partners and keys. Changes no revision.
    virtual Result<void> add_usage(std::span<const UsageRecord> usage, std::span<const KeyUse> keys) = 0;
    // Newest day first.
    virtual Result<std::vector<UsageRecord>> usage(const std::string& partner) = 0;

    // The latest instant that this database is sure to have seen: a clock that is behind it has been turned back.
    virtual Result<Instant> latest_instant() = 0;
};

}  // namespace cvstroom::store
