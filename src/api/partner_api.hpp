// The partners' door: the resources of SPEC 3 to 5 under /services/openservices/v1.
#pragma once

#include "api/bulk.hpp"
#include "api/call.hpp"
#include "api/description.hpp"
#include "api/long_work.hpp"
#include "api/reference_lists.hpp"
#include "api/routing.hpp"
#include "partner/registry.hpp"

namespace cvstroom::api {

class PartnerApi final : public Door {
  public:
    // All outlive the API.
    PartnerApi(const Services& services, partner::Registry& registry, const Description& description,
               const Instruments& instruments, std::size_t page_cache_bytes)
        : Door(instruments),
          services_(services),
          registry_(registry),
          description_(description),
          bulk_(services, registry, page_cache_bytes),
          lists_(services) {}

    // A partner's requests are one flow, whichever of its keys they carry.
    std::uint64_t flow_of(const http::Request& request) override;

  private:
    http::Response route(const Call& call) override;
    http::Response reference_list(const Call& call, std::string_view list);
    http::Response candidates(const Call& call, std::string_view rest);

    const Services& services_;
    partner::Registry& registry_;
    const Description& description_;
    BulkResource bulk_;
    ReferenceResource lists_;
    LongWork long_work_{LongWork::threads_for_this_machine()};  // last: what it has begun uses the others
};

}  // namespace cvstroom::api
