// The provider's door (SPEC 7): documents in, on a listener of its own, with an administrator's key. Without a key it
// gives /health and /metrics, which say nothing of persons.
#pragma once

#include <filesystem>

#include "api/call.hpp"
#include "api/health.hpp"
#include "api/person.hpp"
#include "api/routing.hpp"
#include "partner/registry.hpp"
#include "store/loaded_lists.hpp"
#include "store/reference_store.hpp"

namespace cvstroom::api {

class AdministrationApi final : public Door {
  public:
    // All outlive the API.
    AdministrationApi(const Services& services, partner::Registry& registry, store::PartnerStore& partner_store,
                      store::ReferenceStore& reference_store, store::ListFollower& lists,
                      const Instruments& instruments, const Health& health, std::filesystem::path audit_folder,
                      PurgeIndex purge_index)
        : Door(instruments),
          services_(services),
          registry_(registry),
          partner_store_(partner_store),
          reference_store_(reference_store),
          lists_(lists),
          partners_(partner_store, services.clock),
          metrics_(instruments.metrics),
          health_(health),
          audit_folder_(std::move(audit_folder)),
          purge_index_(std::move(purge_index)) {}

  private:
    http::Response route(const Call& call) override;
    http::Response candidates(const Call& call, std::string_view rest);
    http::Response person(const Call& call, std::string_view id);

    const Services& services_;
    partner::Registry& registry_;
    store::PartnerStore& partner_store_;
    store::ReferenceStore& reference_store_;
    store::ListFollower& lists_;
    partner::Partners partners_;
    const Metrics& metrics_;
    const Health& health_;
    const std::filesystem::path audit_folder_;
    const PurgeIndex purge_index_;
};

}  // namespace cvstroom::api
