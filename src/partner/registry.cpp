#include "partner/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cvstroom::partner {
namespace {

constexpr auto recheck_interval = std::chrono::milliseconds{200};
constexpr std::array products{product_cv, product_reference, product_administration};

bool is_product(std::string_view name) {
    return std::find(products.begin(), products.end(), name) != products.end();
}

std::string_view as_text(const Sha256& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

Registry::Registry(store::KeyStore& keys, const Clock& clock) : store_(keys), clock_(clock) {}

Result<NewKey> Registry::issue(const std::string& partner, const std::string& product) {
    if (partner.empty() || partner.size() > 200) {
        return fail(ErrorCode::invalid_input, "a partner's name has 1 to 200 characters", "partner");
    }
    if (!is_product(product)) {
        return fail(ErrorCode::invalid_input,
                    fmt::format("'{}' is no product; there are {}", product, fmt::join(products, ", ")), "product");
    }
    NewKey key = make_key();
    const auto stored =
        store_.insert_key({key.prefix, sha256(key.secret), partner, product, clock_.now(), std::nullopt});
    if (!stored) return tl::unexpected(stored.error());
    return key;
}

Result<void> Registry::revoke(std::string_view key_or_prefix) {
    const auto prefix = key_prefix(key_or_prefix).value_or(key_or_prefix);
    return store_.revoke_key(std::string(prefix), clock_.now());
}

Result<std::vector<store::KeyRecord>> Registry::list() {
    return store_.keys();
}

Result<std::shared_ptr<const Registry::Keys>> Registry::current_keys() {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (keys_ && now - checked_ < recheck_interval) return keys_;
    const auto revision = store_.keys_revision();
    if (!revision) return tl::unexpected(revision.error());
    if (!keys_ || *revision != revision_) {
        auto records = store_.keys();
        if (!records) return tl::unexpected(records.error());
        auto keys = std::make_shared<Keys>();
        for (auto& record : *records) keys->emplace(record.prefix, std::move(record));
        keys_ = std::move(keys);
        revision_ = *revision;
    }
    checked_ = now;
    return keys_;
}

Result<Admission> Registry::admit(std::string_view key, std::string_view product) {
    if (key.empty()) return Admission{Access::no_key, {}, {}};
    const auto prefix = key_prefix(key);
    if (!prefix) return Admission{Access::unknown_key, {}, {}};
    const auto keys = current_keys();
    if (!keys) return tl::unexpected(keys.error());
    const auto found = (*keys)->find(*prefix);
    // An unknown prefix costs a digest and a comparison too, so that time tells nothing about which prefixes exist.
    static const store::KeyRecord nobody{};
    const auto& record = found == (*keys)->end() ? nobody : found->second;
    const Sha256 digest = sha256(key);
    const bool is_equal = equal_in_constant_time(as_text(digest), as_text(record.digest));
    if (!is_equal || record.revoked) return Admission{Access::unknown_key, {}, {}};
    if (record.product != product) return Admission{Access::no_subscription, record.partner, record.prefix};
    return Admission{Access::granted, record.partner, record.prefix};
}

}  // namespace cvstroom::partner
