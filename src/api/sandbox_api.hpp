// The resources that only a sandbox has: faults on request, and the check of a client (docs/sandbox.md).
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "api/call.hpp"
#include "api/routing.hpp"
#include "api/sandbox_partner.hpp"
#include "api/work_pool.hpp"
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
    http::Response faults(const Call& call, const std::shared_ptr<SandboxPartner>& partner);
    http::Response set_faults(const Call& call, const std::shared_ptr<SandboxPartner>& partner);
    // Copying the whole database takes its time: on the pool, so that no other key's requests wait for it.
    http::Response set_faults_with_backup(std::vector<sandbox::Fault> faults,
                                          const std::shared_ptr<SandboxPartner>& partner);
    // POST: 200 with the findings, also when there are none.
    http::Response check(const Call& call, SandboxPartner& partner);

    const Services& services_;
    partner::Registry& registry_;
    SandboxPartners& known_;
    Backups& backups_;
    WorkPool work_{1};  // last: what it has begun uses the others
};

}  // namespace cvstroom::api
