// What keeps a sandbox changing: takes the steps of its history at a steady rate.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "base/result.hpp"
#include "cli/sandbox_home.hpp"
#include "reference/reference.hpp"
#include "sandbox/history.hpp"
#include "store/intake.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace cvstroom::cli {

// Goes on where it stopped the last time: the number of steps taken stands in a file of the sandbox. A CV that somebody
// erased through the provider's door stays erased: its steps are passed over. Writes through a connection of its own.
class SandboxLife {
  public:
    // `per_minute` > 0. Takes no step before start().
    static Result<std::unique_ptr<SandboxLife>> open(const SandboxHome& home, const SandboxContents& contents,
                                                     double per_minute, const std::filesystem::path& resources);
    ~SandboxLife() { stop(); }

    void start();
    // Finishes the step under way. Idempotent.
    void stop();

  private:
    SandboxLife(std::filesystem::path progress, double per_minute,
                std::shared_ptr<const reference::ReferenceData> lists,
                std::unique_ptr<const sandbox::Generator> generator, std::unique_ptr<store::SqliteStore> store,
                const SandboxContents& contents);

    void run();
    bool wait(std::chrono::steady_clock::time_point until);
    void take(std::uint64_t steps);
    bool may_take(const sandbox::Step& step);
    bool append(const std::vector<store::Write>& writes);

    const std::filesystem::path progress_;  // holds the number of steps taken
    const double per_minute_;
    const std::shared_ptr<const reference::ReferenceData> lists_;
    const std::unique_ptr<const sandbox::Generator> generator_;
    const std::unique_ptr<store::SqliteStore> store_;
    sandbox::History history_;
    store::Intake intake_;

    std::mutex mutex_;
    std::condition_variable wake_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace cvstroom::cli
