// Does things later, for the sandbox's slow answers.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace cvstroom::api {

// One thread. Thread-safe. The destructor does at once what still waits, so that no reply is lost.
class Delays {
  public:
    Delays() : thread_([this] { run(); }) {}
    ~Delays();
    Delays(const Delays&) = delete;
    Delays& operator=(const Delays&) = delete;

    void after(std::chrono::milliseconds delay, std::function<void()> task);

  private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<std::chrono::steady_clock::time_point, std::function<void()>> tasks_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace cvstroom::api
