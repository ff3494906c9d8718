#include "partner/registry.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/text.hpp"

namespace cvstroom::partner {
namespace {

using Steady = std::chrono::steady_clock;
constexpr auto recheck_interval = std::chrono::milliseconds{200};
// Coarse on purpose: a key that is used all the time is written down once in a while.
constexpr auto last_use_step = std::chrono::minutes{1};

std::string_view as_text(const Sha256& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <typename Value>
using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

std::atomic<std::uint64_t> generations{0};

// When a key was last used, and what of that has been written down.
struct KeyUsed {
    std::atomic<std::int64_t> at{0};  // microseconds since 1970
    std::atomic<std::int64_t> written{0};
};

struct Subscription {
    std::string product;
    Plan plan{};
    std::shared_ptr<Quota> quota;
    std::shared_ptr<const std::string> policy;
};

struct Holder {
    std::string name;
    State state{};
    std::vector<Subscription> subscriptions;
    std::uint64_t flow = 0;
    std::shared_ptr<TokenBucket> failures;

    const Subscription* find(std::string_view product) const {
        const auto found = std::ranges::find(subscriptions, product, &Subscription::product);
        return found == subscriptions.end() ? nullptr : &*found;
    }
};

struct Key {
    store::KeyRecord record;
    std::shared_ptr<const Holder> holder;  // null: an administrator's key
    std::shared_ptr<KeyUsed> used;
};

// What the key opens of a product, its limits aside.
Access access_of(const Key& key, std::string_view product, Instant at) {
    const auto& record = key.record;
    if (record.revoked) return Access::unknown_key;
    if (record.expires && *record.expires <= at) return Access::expired_key;
    if (!key.holder) return product == product_administration ? Access::granted : Access::no_subscription;
    const bool is_other_product = !record.product.empty() && record.product != product;
    if (is_other_product || key.holder->find(product) == nullptr) return Access::no_subscription;
    return key.holder->state == State::active ? Access::granted : Access::not_active;
}

}  // namespace

// One state of all partners and keys. Immutable, but for the counters that it shares with the states after it.
struct Registry::Directory {
    ByText<Key> keys;
    ByText<std::shared_ptr<const Holder>> holders;

    static Pointer make(std::vector<store::KeyRecord> records, const std::vector<store::PartnerRecord>& partners,
                        const Directory* before);

  private:
    static Subscription subscription(const store::SubscriptionRecord& record, const Holder* before);
    void add_holders(const std::vector<store::PartnerRecord>& partners, const Directory* before);
};

Subscription Registry::Directory::subscription(const store::SubscriptionRecord& record, const Holder* before) {
    const auto* known = before == nullptr ? nullptr : before->find(record.product);
    const bool is_same = known != nullptr && known->quota->per_minute() == record.per_minute &&
                         known->quota->per_day() == record.per_day;
    // Other limits begin with a full bucket; the same ones go on where they were.
    auto quota = is_same ? known->quota : std::make_shared<Quota>(record.per_minute, record.per_day);
    auto policy = is_same ? known->policy : std::make_shared<const std::string>(policy_field(*quota));
    // A plan that this version does not know shows as little as possible.
    return {record.product, plan_from_wire(record.plan).value_or(Plan::anonymous), std::move(quota), std::move(policy)};
}

void Registry::Directory::add_holders(const std::vector<store::PartnerRecord>& partners, const Directory* before) {
    for (const auto& partner : partners) {
        auto holder = std::make_shared<Holder>();
        holder->name = partner.name;
        holder->state = state_from_wire(partner.state).value_or(State::suspended);
        holder->flow = std::hash<std::string>{}(partner.name) | 1U;
        const Holder* known = nullptr;
        if (before != nullptr) {
            if (const auto found = before->holders.find(partner.name); found != before->holders.end())
                known = found->second.get();
        }
        holder->failures = known != nullptr
                               ? known->failures
                               : std::make_shared<TokenBucket>(failures_per_minute, std::chrono::minutes{1});
        for (const auto& record : partner.subscriptions) holder->subscriptions.push_back(subscription(record, known));
        holders.emplace(partner.name, std::move(holder));
    }
}

Registry::Pointer Registry::Directory::make(std::vector<store::KeyRecord> records,
                                            const std::vector<store::PartnerRecord>& partners,
                                            const Directory* before) {
    auto directory = std::make_shared<Directory>();
    directory->add_holders(partners, before);
    for (auto& record : records) {
        Key key;
        if (record.product != product_administration) {
            const auto holder = directory->holders.find(record.partner);
            if (holder == directory->holders.end()) continue;  // nobody's key opens nothing
            key.holder = holder->second;
        }
        if (before != nullptr) {
            if (const auto found = before->keys.find(record.prefix); found != before->keys.end())
                key.used = found->second.used;
        }
        if (!key.used) key.used = std::make_shared<KeyUsed>();
        auto prefix = record.prefix;
        key.record = std::move(record);
        directory->keys.emplace(std::move(prefix), std::move(key));
    }
    return directory;
}

Registry::Registry(store::PartnerStore& store, const Clock& clock) : store_(store), clock_(clock) {}
Registry::~Registry() = default;

// Never earlier than before, nor than what the database has seen: a clock that is turned back brings no key back.
Instant Registry::now() {
    const std::int64_t read = clock_.now().time_since_epoch().count();
    std::int64_t latest = latest_.load(std::memory_order_relaxed);
    while (latest < read && !latest_.compare_exchange_weak(latest, read, std::memory_order_relaxed)) {
    }
    return Instant{std::chrono::microseconds{std::max(latest, read)}};
}

Result<void> Registry::look_for_news() {
    const auto revision = store_.keys_revision();
    if (!revision) return tl::unexpected(revision.error());
    if (directory_ && *revision == revision_) return {};
    auto records = store_.keys();
    if (!records) return tl::unexpected(records.error());
    const auto partners = store_.partners();
    if (!partners) return tl::unexpected(partners.error());
    const auto latest = store_.latest_instant();
    if (!latest) return tl::unexpected(latest.error());
    const std::int64_t seen = latest->time_since_epoch().count();
    if (seen > latest_.load(std::memory_order_relaxed)) latest_.store(seen, std::memory_order_relaxed);
    directory_ = Directory::make(std::move(*records), *partners, directory_.get());
    revision_ = *revision;
    generation_.store(generations.fetch_add(1) + 1, std::memory_order_release);
    return {};
}

// Each thread keeps the state that it used last, and asks for another only when there is one.
Result<Registry::Pointer> Registry::current() {
    struct Held {
        std::uint64_t generation = 0;
        Pointer directory;
    };
    thread_local Held held;
    const std::int64_t now = Steady::now().time_since_epoch().count();
    std::int64_t due = next_look_.load(std::memory_order_relaxed);
    const auto next = now + std::chrono::nanoseconds(recheck_interval).count();
    if (generation_.load(std::memory_order_acquire) == 0 ||
        (now >= due && next_look_.compare_exchange_strong(due, next, std::memory_order_relaxed))) {
        const std::lock_guard lock(mutex_);
        if (const auto looked = look_for_news(); !looked) return tl::unexpected(looked.error());
        next_look_.store(next, std::memory_order_relaxed);
    }
    const auto generation = generation_.load(std::memory_order_acquire);
    if (held.generation != generation) {
        const std::lock_guard lock(mutex_);
        held = {generation_.load(std::memory_order_acquire), directory_};
    }
    return held.directory;
}

Result<Admission> Registry::admit(std::string_view key, std::string_view product) {
    if (key.empty()) return Admission{Access::no_key};
    const auto prefix = key_prefix(key);
    if (!prefix) return Admission{Access::unknown_key};
    const auto directory = current();
    if (!directory) return tl::unexpected(directory.error());
    const auto found = (*directory)->keys.find(*prefix);
    // An unknown prefix costs a digest and a comparison too, so that time tells nothing about which prefixes exist.
    static const store::KeyRecord nobody{};
    const auto& record = found == (*directory)->keys.end() ? nobody : found->second.record;
    const Sha256 digest = sha256(key);
    const bool is_equal = equal_in_constant_time(as_text(digest), as_text(record.digest));
    if (!is_equal || found == (*directory)->keys.end()) return Admission{Access::unknown_key};

    const Instant at = now();
    Admission admission{access_of(found->second, product, at), record.partner, record.prefix};
    if (admission.access == Access::unknown_key) return Admission{Access::unknown_key};
    if (admission.access == Access::expired_key) return admission;
    auto& used = *found->second.used;
    const auto microseconds = at.time_since_epoch().count();
    if (microseconds - used.at.load(std::memory_order_relaxed) >= std::chrono::microseconds(last_use_step).count()) {
        used.at.store(microseconds, std::memory_order_relaxed);
    }
    const auto* holder = found->second.holder.get();
    if (holder == nullptr) return admission;
    admission.state = holder->state;
    if (admission.access != Access::granted) return admission;
    const auto& subscription = *holder->find(product);
    admission.plan = subscription.plan;
    admission.policy = subscription.policy;
    admission.failures = holder->failures;
    const auto now = Steady::now();
    if (const auto wait = holder->failures->until_token(now); wait.count() > 0) {
        admission.access = Access::over_failures;
        admission.policy = nullptr;  // the fields speak of the other limits, of which nothing is used
        admission.allowance.broken_limit = failures_per_minute;
        admission.allowance.retry_after =
            static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(wait).count());
        return admission;
    }
    admission.allowance = subscription.quota->take(now);
    if (!admission.allowance.is_granted) admission.access = Access::over_limit;
    return admission;
}

Result<bool> Registry::still_admits(std::string_view key_prefix, std::string_view product, Plan plan) {
    const auto directory = current();
    if (!directory) return tl::unexpected(directory.error());
    const auto found = (*directory)->keys.find(key_prefix);
    if (found == (*directory)->keys.end()) return false;
    const auto& key = found->second;
    return access_of(key, product, now()) == Access::granted && key.holder && key.holder->find(product)->plan == plan;
}

std::uint64_t Registry::flow_of(std::string_view key) {
    const auto prefix = key_prefix(key);
    if (!prefix) return 0;
    const auto directory = current();
    if (!directory) return 0;
    const auto found = (*directory)->keys.find(*prefix);
    if (found == (*directory)->keys.end() || !found->second.holder) return 0;
    return found->second.holder->flow;
}

Result<void> Registry::flush_usage() {
    const auto directory = current();
    if (!directory) return tl::unexpected(directory.error());
    const Date today{std::chrono::floor<std::chrono::days>(now())};
    std::vector<store::UsageRecord> usage;
    std::vector<Quota*> counted;
    for (const auto& [name, holder] : (*directory)->holders) {
        for (const auto& subscription : holder->subscriptions) {
            const store::UsageRecord used{name, subscription.product, today, subscription.quota->take_served(),
                                          subscription.quota->take_refused()};
            if (used.served + used.refused == 0) continue;
            usage.push_back(used);
            counted.push_back(subscription.quota.get());
        }
    }
    std::vector<store::KeyUse> keys;
    for (const auto& [prefix, key] : (*directory)->keys) {
        const auto at = key.used->at.load(std::memory_order_relaxed);
        if (key.used->written.exchange(at, std::memory_order_relaxed) == at) continue;
        keys.push_back({prefix, Instant{std::chrono::microseconds{at}}});
    }
    if (usage.empty() && keys.empty()) return {};
    auto written = store_.add_usage(usage, keys);
    for (std::size_t i = 0; !written && i < usage.size(); ++i) counted[i]->put_back(usage[i].served, usage[i].refused);
    return written;
}

Result<NewKey> Registry::issue(const std::string& partner, const std::string& product) {
    Partners partners(store_, clock_);
    if (product == product_administration) return partners.issue_administration_key(partner, std::nullopt, "cvstroom");
    const auto ready = partners.take_through(partner, {product}, {most_per_minute, most_per_day}, "cvstroom");
    if (!ready) return tl::unexpected(ready.error());
    return partners.issue_key(partner, product, std::nullopt, "cvstroom");
}

Result<void> Registry::revoke(std::string_view key_or_prefix) {
    return Partners(store_, clock_).revoke_key(key_or_prefix, "cvstroom");
}

}  // namespace cvstroom::partner
