// The resources that only a sandbox has: faults on request, and the check of a client (docs/sandbox.md).
#pragma once

#include <string_view>

#include "api/call.hpp"
#include "api/routing.hpp"
#include "api/sandbox_partner.hpp"
#include "partner/registry.hpp"

namespace cvstroom::api {

inline constexpr std::string_view sandbox_path = "/sandbox/v1";

class SandboxApi final : public Door {
  public:
    // All outlive the API.
    SandboxApi(const Services& services, partner::Registry& registry, SandboxPartners& known, Backups& backups,
               const Instruments& instruments)
        : Door(instruments), services_(services), registry_(registry), known_(known), backups_(backups) {}

  private:
    http::Response route(const Call& call) override;
    // PUT replaces the key's faults, GET tells what they did, DELETE ends them.
    http::Response faults(const Call& call, SandboxPartner& partner);
    http::Response set_faults(const Call& call, SandboxPartner& partner);
    // POST: 200 with the findings, also when there are none.
    http::Response check(const Call& call, SandboxPartner& partner);

    const Services& services_;
    partner::Registry& registry_;
    SandboxPartners& known_;
    Backups& backups_;
};

}  // namespace cvstroom::api
