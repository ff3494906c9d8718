// What is remembered of one call while it is answered: for the metrics, the request log and the audit.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "partner/product.hpp"
#include "partner/quota.hpp"

namespace cvstroom::api {

// The resources as metrics, logs and the audit name them. A resource that a door does not name is `other`.
enum class Resource : std::uint8_t {
    other,
    detail,
    batch,
    search,
    bulk,
    reference,
    description,
    administration,  // the provider's door
    person,          // rights of the person
    operations,      // /metrics and /health
};
inline constexpr std::size_t resource_count = 10;
std::string_view name(Resource resource);

// Belongs to one call and one thread at a time.
struct CallRecord {
    Resource resource = Resource::other;
    std::string partner;     // whose key it was; empty before the gate
    std::string key_prefix;  // likewise
    partner::Plan plan = partner::Plan::full;   // how much of a CV the caller may see
    partner::Allowance allowance;               // what is left of its limits
    std::shared_ptr<const std::string> policy;  // its limits (RateLimit-Policy); null: it has none here
};

}  // namespace cvstroom::api
