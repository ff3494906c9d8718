// The provider's door (SPEC 7): documents in, on a listener of its own, with an administrator's key.
#pragma once

#include "api/call.hpp"
#include "api/routing.hpp"
#include "partner/registry.hpp"

namespace cvstroom::api {

class AdministrationApi final : public Door {
  public:
    AdministrationApi(const Services& services, partner::Registry& registry)
        : services_(services), registry_(registry) {}

  private:
    http::Response route(const Call& call) override;

    const Services& services_;
    partner::Registry& registry_;
};

}  // namespace cvstroom::api
