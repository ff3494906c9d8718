// What a node does now and then, beside serving: looking for newer code lists, writing down which keys were used.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"

namespace cvstroom::cli {

// One thread for all tasks, in turn. A task that fails is logged and tried again at its next time.
class Housekeeping {
  public:
    using Task = std::function<Result<void>()>;

    ~Housekeeping() { stop(); }

    // Before start(). `doing` completes "… failed" in the log.
    void every(std::chrono::milliseconds interval, std::string doing, Task task);
    void start();
    // Ends the thread after every task has run once more. Idempotent.
    void stop();

  private:
    using Time = std::chrono::steady_clock::time_point;
    struct Chore {
        std::chrono::milliseconds interval;
        std::string doing;
        Task task;
        Time due{};
    };

    void work();
    void run_due(Time now);

    std::vector<Chore> chores_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace cvstroom::cli
