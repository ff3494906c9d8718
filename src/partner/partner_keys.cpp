// The keys of partners and administrators: the second half of Partners.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "partner/partners.hpp"

namespace cvstroom::partner {
namespace {

std::optional<store::PartnerEvent> event_of(const store::KeyRecord& key, const std::string& who, const char* what,
                                            const std::string& detail) {
    if (key.product == product_administration) return std::nullopt;
    return store::PartnerEvent{0, key.partner, {}, who, what, detail};
}

}  // namespace

Result<store::KeyRecord> Partners::find_key(const std::string& prefix) {
    const auto keys = store_.keys();
    if (!keys) return tl::unexpected(keys.error());
    const auto found = std::ranges::find(*keys, prefix, &store::KeyRecord::prefix);
    if (found == keys->end()) return fail(ErrorCode::not_found, "no key has this prefix", prefix);
    return *found;
}

Result<NewKey> Partners::issue_key(const std::string& name, const std::string& product, std::optional<Instant> expires,
                                   const std::string& who) {
    if (!product.empty() && std::ranges::find(subscribable_products, product) == subscribable_products.end()) {
        return fail(ErrorCode::invalid_input,
                    fmt::format("'{}' is no product; there are {}", product, fmt::join(subscribable_products, ", ")),
                    "product");
    }
    if (expires && *expires <= clock_.now()) return fail(ErrorCode::invalid_input, "lies in the past", "vervalt");
    const auto partner = find(name);
    if (!partner) return tl::unexpected(partner.error());
    if (partner->state == wire_name(State::ended)) {
        return fail(ErrorCode::conflict, "the partnership has ended; it must apply anew", partner->name);
    }
    NewKey key = make_key();
    const store::KeyRecord record{key.prefix, sha256(key.secret), partner->name, product, clock_.now(), {}, expires, {},
                                  who};
    const auto detail = fmt::format("{} {}{}", key.prefix, product.empty() ? "alle producten" : product,
                                    expires ? " tot " + format_instant(*expires) : "");
    const auto stored = store_.insert_key(record, event_of(record, who, "sleutel uitgereikt", detail));
    if (!stored) return tl::unexpected(stored.error());
    return key;
}

Result<NewKey> Partners::issue_administration_key(const std::string& holder, std::optional<Instant> expires,
                                                  const std::string& who) {
    if (holder.empty() || holder.size() > 200) {
        return fail(ErrorCode::invalid_input, "a holder's name has 1 to 200 characters", "partner");
    }
    if (expires && *expires <= clock_.now()) return fail(ErrorCode::invalid_input, "lies in the past", "vervalt");
    NewKey key = make_key();
    const auto stored = store_.insert_key({key.prefix,
                                           sha256(key.secret),
                                           holder,
                                           std::string(product_administration),
                                           clock_.now(),
                                           {},
                                           expires,
                                           {},
                                           who},
                                          std::nullopt);
    if (!stored) return tl::unexpected(stored.error());
    return key;
}

Result<NewKey> Partners::rotate_key(std::string_view key_or_prefix, std::chrono::seconds overlap,
                                    std::optional<Instant> expires, const std::string& who) {
    const std::string prefix(key_prefix(key_or_prefix).value_or(key_or_prefix));
    const auto old = find_key(prefix);
    if (!old) return tl::unexpected(old.error());
    const auto now = clock_.now();
    if (old->revoked) return fail(ErrorCode::conflict, "this key is revoked; issue a new one", prefix);
    if (old->expires && *old->expires <= now)
        return fail(ErrorCode::conflict, "this key has expired; issue a new one", prefix);
    if (overlap.count() < 0) return fail(ErrorCode::invalid_input, "an overlap is not negative", "overlap");
    if (expires && *expires <= now) return fail(ErrorCode::invalid_input, "lies in the past", "vervalt");
    if (!expires && old->expires && *old->expires <= now + overlap) {
        return fail(
            ErrorCode::conflict,
            fmt::format(
                "this key ends at {}, after an earlier rotation or by what it was given for: say when the new one "
                "is to expire",
                format_instant(*old->expires)),
            "vervalt");
    }
    if (!expires) expires = old->expires;
    NewKey key = make_key();
    const store::KeyRecord next{key.prefix, sha256(key.secret), old->partner, old->product, now, {}, expires, {}, who};
    const auto until = now + overlap;
    const auto detail = fmt::format("{} door {}; de oude tot {}{}", prefix, key.prefix, format_instant(until),
                                    expires ? ", de nieuwe tot " + format_instant(*expires) : "");
    const auto stored = store_.rotate_key(prefix, until, next, event_of(next, who, "sleutel vervangen", detail));
    if (!stored) return tl::unexpected(stored.error());
    return key;
}

Result<void> Partners::revoke_key(std::string_view key_or_prefix, const std::string& who) {
    const std::string prefix(key_prefix(key_or_prefix).value_or(key_or_prefix));
    const auto key = find_key(prefix);
    if (!key) return tl::unexpected(key.error());
    return store_.revoke_key(prefix, clock_.now(), who, event_of(*key, who, "sleutel ingetrokken", prefix));
}

}  // namespace cvstroom::partner
