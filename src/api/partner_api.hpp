// The partners' door: the resources of SPEC 3 to 5 under /services/openservices/v1.
#pragma once

#include "api/bulk.hpp"
#include "api/call.hpp"
#include "api/description.hpp"
#include "http/message.hpp"
#include "partner/registry.hpp"

namespace cvstroom::api {

class PartnerApi final : public http::Handler {
  public:
    // All outlive the API.
    PartnerApi(const Services& services, partner::Registry& registry, const Description& description,
               std::size_t page_cache_bytes)
        : services_(services), registry_(registry), description_(description), bulk_(services, page_cache_bytes) {}

    void handle(const http::Request& request, http::Reply reply) override;
    http::Response refuse(unsigned status, std::string_view reason) override;

  private:
    http::Response route(const Call& call);
    http::Response candidates(const Call& call, std::string_view rest);

    const Services& services_;
    partner::Registry& registry_;
    const Description& description_;
    BulkResource bulk_;
};

}  // namespace cvstroom::api
