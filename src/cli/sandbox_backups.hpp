// The backups that a sandbox takes of itself, each restored beside it under a new epoch (docs/operations.md tells of
// the real ones).
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "api/description.hpp"
#include "api/restored_copy.hpp"
#include "api/routing.hpp"
#include "base/time.hpp"
#include "partner/registry.hpp"
#include "reference/current_lists.hpp"

namespace cvstroom::cli {

class SandboxBackups final : public api::Backups {
  public:
    // What the copies share with the sandbox; all of it outlives them. Keys and limits stay those of the sandbox.
    struct Shared {
        partner::Registry& registry;
        const reference::CurrentLists& lists;
        const api::Description& description;
        api::Instruments instruments;
        const Clock& clock;
    };

    // Copies lie beside `database`, and go when this object goes; what an earlier run left there goes now.
    SandboxBackups(std::filesystem::path database, const Shared& shared);
    ~SandboxBackups() override;
    SandboxBackups(const SandboxBackups&) = delete;
    SandboxBackups& operator=(const SandboxBackups&) = delete;

    Result<api::RestoredCopy*> take() override;

  private:
    class Copy;

    const std::filesystem::path database_;
    const Shared shared_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Copy>> copies_;
};

}  // namespace cvstroom::cli
