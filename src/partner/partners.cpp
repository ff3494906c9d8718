#include "partner/partners.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"

namespace cvstroom::partner {
namespace {

constexpr std::size_t longest_text = 200;
constexpr std::size_t longest_detail = 500;  // a contract's reference, day and signer together
constexpr std::string_view at_once = "in one go, without papers: for a sandbox or a trial";

Result<void> check_text(std::string_view text, const char* where, bool may_be_empty = false,
                        std::size_t longest = longest_text) {
    const bool is_printable = std::none_of(text.begin(), text.end(),
                                           [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (!is_valid_utf8(text) || !is_printable)
        return fail(ErrorCode::invalid_input, "has characters that are no text", where);
    if (text.size() > longest || (text.empty() && !may_be_empty)) {
        return fail(ErrorCode::invalid_input, fmt::format("has {} to {} characters", may_be_empty ? 0 : 1, longest),
                    where);
    }
    if (trim(text) != text) return fail(ErrorCode::invalid_input, "begins or ends with a space", where);
    return {};
}

Result<void> check_product(std::string_view product) {
    if (std::ranges::find(subscribable_products, product) != subscribable_products.end()) return {};
    return fail(ErrorCode::invalid_input,
                fmt::format("'{}' is no product; there are {}", product, fmt::join(subscribable_products, ", ")),
                "product");
}

bool lies_outside(const std::optional<std::uint64_t>& limit, std::uint64_t most) {
    return limit && (*limit < 1 || *limit > most);
}

Result<void> check_limits(const Limits& limits) {
    if (lies_outside(limits.per_minute, most_per_minute)) {
        return fail(ErrorCode::invalid_input, fmt::format("give 1 to {} requests a minute", most_per_minute),
                    "perMinuut");
    }
    if (lies_outside(limits.per_day, most_per_day)) {
        return fail(ErrorCode::invalid_input, fmt::format("give 1 to {} requests a day", most_per_day), "perDag");
    }
    return {};
}

store::SubscriptionRecord* subscription_of(store::PartnerRecord& partner, std::string_view product) {
    const auto found = std::ranges::find(partner.subscriptions, product, &store::SubscriptionRecord::product);
    return found == partner.subscriptions.end() ? nullptr : &*found;
}

void set(const Limits& limits, store::SubscriptionRecord& subscription) {
    subscription.per_minute = limits.per_minute.value_or(subscription.per_minute);
    subscription.per_day = limits.per_day.value_or(subscription.per_day);
}

store::SubscriptionRecord usual_subscription(const std::string& product) {
    return {product, std::string(wire_name(Plan::full)), usual_per_minute, usual_per_day};
}

Result<State> state_of(const store::PartnerRecord& partner) {
    const auto state = state_from_wire(partner.state);
    if (!state)
        return fail(ErrorCode::corrupt, fmt::format("'{}' is no state of a partner", partner.state), partner.name);
    return *state;
}

std::string describe(const store::SubscriptionRecord& subscription) {
    return fmt::format("{} {}, {}/minuut, {}/dag", subscription.product, subscription.plan, subscription.per_minute,
                       subscription.per_day);
}

}  // namespace

Result<store::PartnerRecord> Partners::find(const std::string& name) {
    auto partner = store_.partner(name);
    if (!partner) return tl::unexpected(partner.error());
    if (!*partner) return fail(ErrorCode::not_found, "there is no such partner", name);
    return std::move(**partner);
}

Result<std::vector<store::PartnerEvent>> Partners::history(const std::string& name) {
    if (const auto found = find(name); !found) return tl::unexpected(found.error());
    return store_.partner_events(name);
}

Result<std::vector<store::UsageRecord>> Partners::usage(const std::string& name) {
    if (const auto found = find(name); !found) return tl::unexpected(found.error());
    return store_.usage(name);
}

Result<store::PartnerRecord> Partners::change(const store::PartnerRecord& before, store::PartnerRecord after,
                                              const std::string& what, const std::string& detail,
                                              const std::string& who) {
    const auto done = store_.change_partner(after, before, {0, after.name, {}, who, what, detail}, false);
    if (!done) return tl::unexpected(done.error());
    return after;
}

Result<store::PartnerRecord> Partners::take(Step step, const std::string& name, const std::string& detail,
                                            const std::string& who) {
    const auto partner = find(name);
    if (!partner) return partner;
    return take(step, *partner, *partner, detail, who);
}

Result<store::PartnerRecord> Partners::take(Step step, const store::PartnerRecord& before, store::PartnerRecord partner,
                                            const std::string& detail, const std::string& who) {
    if (const auto checked = check_text(detail, "toelichting", true, longest_detail); !checked) {
        return tl::unexpected(checked.error());
    }
    if (const auto checked = check_text(who, "wie"); !checked) return tl::unexpected(checked.error());
    const auto state = state_of(partner);
    if (!state) return tl::unexpected(state.error());
    const auto next = after(*state, step);
    if (!next) return fail(next.error().code, next.error().message, partner.name);
    partner.state = wire_name(*next);
    const store::PartnerEvent event{0, partner.name, {}, who, std::string(wire_name(step)), detail};
    const auto done = store_.change_partner(partner, before, event, step == Step::end);
    if (!done) return tl::unexpected(done.error());
    return partner;
}

Result<store::PartnerRecord> Partners::apply(const std::string& name, const std::string& contact,
                                             const std::string& who) {
    if (const auto checked = check_text(name, "naam"); !checked) return tl::unexpected(checked.error());
    if (const auto checked = check_text(contact, "contact", true); !checked) return tl::unexpected(checked.error());
    if (const auto checked = check_text(who, "wie"); !checked) return tl::unexpected(checked.error());
    auto known = store_.partner(name);
    if (!known) return tl::unexpected(known.error());
    if (*known) {
        if ((*known)->state != wire_name(State::ended)) {
            return fail(
                ErrorCode::conflict,
                fmt::format("there is a partner of this name already ('{}', {})", (*known)->name, (*known)->state),
                name);
        }
        const auto before = **known;
        (*known)->contact = contact;
        (*known)->contract.reset();
        (*known)->subscriptions.clear();
        return take(Step::apply, before, std::move(**known), contact, who);
    }
    store::PartnerRecord partner{name, contact, std::string(wire_name(State::applied)), std::nullopt, {}};
    const auto done = store_.add_partner(partner, {0, name, {}, who, std::string(wire_name(Step::apply)), contact});
    if (!done) return tl::unexpected(done.error());
    return partner;
}

Result<store::PartnerRecord> Partners::approve(const std::string& name, const std::string& note,
                                               const std::string& who) {
    return take(Step::approve, name, note, who);
}

Result<store::PartnerRecord> Partners::sign(const std::string& name, const store::ContractRecord& contract,
                                            const std::string& who) {
    if (const auto checked = check_text(contract.reference, "referentie"); !checked)
        return tl::unexpected(checked.error());
    if (const auto checked = check_text(contract.signed_by, "ondertekenaar"); !checked)
        return tl::unexpected(checked.error());
    // A day of grace: the contract may have been signed east of here.
    const auto tomorrow = std::chrono::floor<std::chrono::days>(clock_.now()) + std::chrono::days{1};
    if (!contract.signed_on.ok() || std::chrono::sys_days(contract.signed_on) > tomorrow) {
        return fail(ErrorCode::invalid_input,
                    fmt::format("{} lies in the future: it is {} here", format_date(contract.signed_on),
                                format_instant(clock_.now())),
                    "datum");
    }
    const auto before = find(name);
    if (!before) return before;
    auto partner = *before;
    partner.contract = contract;
    const auto detail =
        fmt::format("{}, {}, {}", contract.reference, format_date(contract.signed_on), contract.signed_by);
    return take(Step::sign, *before, std::move(partner), detail, who);
}

Result<store::PartnerRecord> Partners::activate(const std::string& name, const std::string& note,
                                                const std::string& who) {
    return take(Step::activate, name, note, who);
}

Result<store::PartnerRecord> Partners::suspend(const std::string& name, const std::string& reason,
                                               const std::string& who) {
    return take(Step::suspend, name, reason, who);
}

Result<store::PartnerRecord> Partners::end(const std::string& name, const std::string& reason, const std::string& who) {
    return take(Step::end, name, reason, who);
}

Result<store::PartnerRecord> Partners::subscribe(const std::string& name, const std::string& product,
                                                 std::optional<Plan> plan, const Limits& limits,
                                                 const std::string& who) {
    if (const auto checked = check_product(product); !checked) return tl::unexpected(checked.error());
    if (const auto checked = check_limits(limits); !checked) return tl::unexpected(checked.error());
    if (plan == Plan::anonymous && product != product_cv) {
        return fail(ErrorCode::invalid_input, "only the product 'cv' has personal data to leave out", "plan");
    }
    auto partner = find(name);
    if (!partner) return partner;
    if (partner->state == wire_name(State::ended))
        return fail(ErrorCode::conflict, "the partnership has ended; it must apply anew", name);
    const auto before = *partner;
    auto* known = subscription_of(*partner, product);
    auto wanted = known != nullptr ? *known : usual_subscription(product);
    if (plan) wanted.plan = wire_name(*plan);
    set(limits, wanted);
    if (known != nullptr) {
        if (*known == wanted) return partner;
        *known = wanted;
    } else {
        partner->subscriptions.push_back(wanted);
    }
    return change(before, std::move(*partner), "abonnement", describe(wanted), who);
}

Result<store::PartnerRecord> Partners::unsubscribe(const std::string& name, const std::string& product,
                                                   const std::string& who) {
    if (const auto checked = check_product(product); !checked) return tl::unexpected(checked.error());
    auto partner = find(name);
    if (!partner) return partner;
    if (subscription_of(*partner, product) == nullptr) {
        return fail(ErrorCode::not_found, fmt::format("has no subscription to '{}'", product), name);
    }
    const auto before = *partner;
    std::erase_if(partner->subscriptions, [&](const auto& each) { return each.product == product; });
    return change(before, std::move(*partner), "abonnement beeindigd", product, who);
}

Result<store::PartnerRecord> Partners::set_limits(const std::string& name, const std::string& product,
                                                  const Limits& limits, const std::string& who) {
    if (const auto checked = check_product(product); !checked) return tl::unexpected(checked.error());
    if (const auto checked = check_limits(limits); !checked) return tl::unexpected(checked.error());
    auto partner = find(name);
    if (!partner) return partner;
    const auto before = *partner;
    auto* subscription = subscription_of(*partner, product);
    if (subscription == nullptr)
        return fail(ErrorCode::not_found, fmt::format("has no subscription to '{}'", product), name);
    set(limits, *subscription);
    const auto detail = describe(*subscription);
    return change(before, std::move(*partner), "limieten", detail, who);
}

Result<store::PartnerRecord> Partners::take_through(const std::string& name, const std::vector<std::string>& products,
                                                    const Limits& limits, const std::string& who) {
    for (const auto& product : products) {
        if (const auto checked = check_product(product); !checked) return tl::unexpected(checked.error());
    }
    const std::string detail(at_once);
    auto known = store_.partner(name);
    if (!known) return tl::unexpected(known.error());
    auto partner = *known && (*known)->state != wire_name(State::ended)
                       ? Result<store::PartnerRecord>(std::move(**known))
                       : apply(name, "", who);
    if (partner && partner->state == wire_name(State::applied)) partner = approve(name, detail, who);
    if (partner && partner->state == wire_name(State::approved)) {
        const Date today{std::chrono::floor<std::chrono::days>(clock_.now())};
        partner = sign(name, {"none: sandbox or trial", today, who}, who);
    }
    if (partner && partner->state == wire_name(State::signed_up)) partner = activate(name, detail, who);
    for (const auto& product : products) {
        if (!partner) return partner;
        if (subscription_of(*partner, product) == nullptr) partner = subscribe(name, product, Plan::full, limits, who);
    }
    return partner;
}

}  // namespace cvstroom::partner
