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

std::optional<http::Response> refuse_entry(const Call& call, partner::Registry& registry, std::string_view product) {
    const auto admission = registry.admit(key_of(call.request), product);
    if (!admission) return failure(call, admission.error());
    call.record.partner = admission->partner;
    call.record.key_prefix = admission->key_prefix;
    switch (admission->access) {
        case partner::Access::granted:
            return std::nullopt;
        case partner::Access::no_key:
            return call.answer(http::no_key());
        case partner::Access::unknown_key:
            return call.answer(http::unknown_key());
        case partner::Access::no_subscription:
            return call.answer(http::no_subscription(product));
    }
    return call.answer(http::internal_error());
}

}  // namespace cvstroom::api
