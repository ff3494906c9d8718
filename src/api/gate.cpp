#include "api/gate.hpp"

#include "base/text.hpp"

namespace cvstroom::api {

std::string_view key_of(const http::Request& request) {
    if (request.has_field("X-IBM-Client-Id")) return request.field("X-IBM-Client-Id");
    const auto authorization = request.field("Authorization");
    constexpr std::string_view scheme = "Bearer ";
    if (!equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return {};
    return trim(authorization.substr(scheme.size()));
}

namespace {

http::Response over_limit(const Call& call, const partner::Allowance& allowance) {
    auto response =
        call.answer(http::too_many_requests(allowance.broken_limit, allowance.retry_after, allowance.is_day_broken));
    response.set("Retry-After", std::to_string(allowance.retry_after));
    return response;
}

http::Response over_failures(const Call& call, const partner::Allowance& allowance) {
    auto response = call.answer(http::too_many_failures(allowance.broken_limit, allowance.retry_after));
    response.set("Retry-After", std::to_string(allowance.retry_after));
    return response;
}

}  // namespace

void set_limit_fields(const CallRecord& record, http::Response& response) {
    if (!record.policy) return;
    response.set("RateLimit-Policy", *record.policy);
    response.set("RateLimit", partner::limit_field(record.allowance));
}

std::optional<http::Response> refuse_entry(const Call& call, partner::Registry& registry, std::string_view product) {
    const auto admission = registry.admit(key_of(call.request), product);
    if (!admission) return failure(call, admission.error());
    call.record.partner = admission->partner;
    call.record.key_prefix = admission->key_prefix;
    call.record.plan = admission->plan;
    call.record.allowance = admission->allowance;
    call.record.policy = admission->policy;
    call.record.failures = admission->failures;
    switch (admission->access) {
        case partner::Access::granted:
            return std::nullopt;
        case partner::Access::no_key:
            return call.answer(http::no_key());
        case partner::Access::unknown_key:
            return call.answer(http::unknown_key());
        case partner::Access::expired_key:
            return call.answer(http::expired_key());
        case partner::Access::not_active:
            return call.answer(http::partner_not_active(partner::wire_name(admission->state)));
        case partner::Access::no_subscription:
            return call.answer(http::no_subscription(product));
        case partner::Access::over_limit:
            return over_limit(call, admission->allowance);
        case partner::Access::over_failures:
            return over_failures(call, admission->allowance);
    }
    return call.answer(http::internal_error());
}

}  // namespace cvstroom::api
