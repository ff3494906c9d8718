// A few threads for work that would hold an event loop up: pieces of streams, answers that were waited for.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cvstroom::api {

// Thread-safe. First in, first out, so that many streams get their pieces in turn.
class WorkPool {
  public:
    explicit WorkPool(unsigned threads);
    // Finishes what has been begun; what still waits is dropped.
    ~WorkPool();
    WorkPool(const WorkPool&) = delete;
    WorkPool& operator=(const WorkPool&) = delete;

    using Task = std::function<void()>;
    void post(Task task);

  private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Task> tasks_;
    bool is_stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace cvstroom::api
