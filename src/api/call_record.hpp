// What is remembered of one call while it is answered: for the metrics, the request log and the audit.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "audit/entry.hpp"
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

// What an answer that another thread makes adds to its call's record: filled in before the reply is given.
struct LateRecord {
    std::vector<audit::Disclosed> disclosed;
    std::string members;
    std::chrono::nanoseconds took{};
};

// Belongs to one call and one thread at a time.
struct CallRecord {
    Resource resource = Resource::other;
    std::string partner;                             // whose key it was; empty before the gate
    std::string key_prefix;                          // likewise
    partner::Plan plan = partner::Plan::full;        // how much of a CV the caller may see
    partner::Allowance allowance;                    // what is left of its limits
    std::shared_ptr<const std::string> policy;       // its limits (RateLimit-Policy); null: it has none here
    std::shared_ptr<partner::TokenBucket> failures;  // what the call takes from if it fails by the caller's doing
    // What the answer gives of CVs: recorded before it leaves. A resource fills both or none.
    std::vector<audit::Disclosed> disclosed;
    std::string members;  // as audit::Entry has it

    // Set by an answer that is made piece by piece: the door fills in who asked and by which call, and each piece is
    // recorded with that before it goes.
    std::shared_ptr<audit::Entry> stream;

    std::shared_ptr<LateRecord> late;  // null: all was done by the call itself

    void disclose(const Uuid& cv, std::uint32_t version, std::string_view which = audit::whole_document) {
        disclosed.push_back({cv, version});
        members = which;
    }
};

}  // namespace cvstroom::api
