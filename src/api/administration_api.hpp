// The provider's door (SPEC 7): documents in, on a listener of its own, with an administrator's key.
#pragma once

#include "api/call.hpp"
#include "http/message.hpp"
#include "partner/registry.hpp"

namespace cvstroom::api {

class AdministrationApi final : public http::Handler {
  public:
    AdministrationApi(const Services& services, partner::Registry& registry)
        : services_(services), registry_(registry) {}

    void handle(const http::Request& request, http::Reply reply) override;
    http::Response refuse(unsigned status, std::string_view reason) override;

  private:
    http::Response route(const Call& call);

    const Services& services_;
    partner::Registry& registry_;
};

}  // namespace cvstroom::api
