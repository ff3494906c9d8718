#include "partner/quota.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>

namespace cvstroom::partner {
namespace {

std::uint64_t whole_seconds(TokenBucket::Nanoseconds time) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(time).count()));
}

}  // namespace

Allowance Quota::take(TokenBucket::Time now) {
    Allowance allowance;
    const auto minute = minute_.take(now);
    const auto day = minute.is_taken ? day_.take(now) : TokenBucket::Outcome{};
    allowance.is_granted = minute.is_taken && day.is_taken;
    allowance.minute_remaining = minute.remaining;
    allowance.minute_reset = whole_seconds(minute.until_full);
    allowance.day_remaining = day.remaining;
    allowance.day_reset = whole_seconds(day.until_full);
    if (allowance.is_granted) {
        served_.fetch_add(1, std::memory_order_relaxed);
        return allowance;
    }
    if (minute.is_taken) minute_.give_back();
    allowance.is_day_broken = minute.is_taken;
    allowance.broken_limit = allowance.is_day_broken ? day_.quota() : minute_.quota();
    allowance.retry_after =
        std::max<std::uint64_t>(1, whole_seconds(allowance.is_day_broken ? day.until_next : minute.until_next));
    refused_.fetch_add(1, std::memory_order_relaxed);
    return allowance;
}

std::string policy_field(const Quota& quota) {
    return fmt::format(R"("minuut";q={};w=60, "dag";q={};w=86400)", quota.per_minute(), quota.per_day());
}

std::string limit_field(const Allowance& allowance) {
    if (!allowance.is_granted) {
        return allowance.is_day_broken ? fmt::format(R"("dag";r=0;t={})", allowance.retry_after)
                                       : fmt::format(R"("minuut";r=0;t={})", allowance.retry_after);
    }
    return fmt::format(FMT_COMPILE(R"("minuut";r={};t={}, "dag";r={};t={})"), allowance.minute_remaining,
                       allowance.minute_reset, allowance.day_remaining, allowance.day_reset);
}

}  // namespace cvstroom::partner
