// Answers that take longer than a turn of an event loop, made beside the loops: a short request of one partner does not
// wait behind a long one of another.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/call.hpp"

namespace cvstroom::api {

// Threads that give way to the event loops where they want the same processor. Between partners their time is dealt out
// fairly: the next answer is of the partner that has had the least. Thread-safe.
class LongWork {
  public:
    // One processor is left to the loops, where there are several.
    static unsigned threads_for_this_machine();

    explicit LongWork(unsigned threads);
    // Finishes what has been begun; what still waits is dropped.
    ~LongWork();
    LongWork(const LongWork&) = delete;
    LongWork& operator=(const LongWork&) = delete;

    // Makes the answer of a call. Called on one of the threads, with the same request and a record of its own that
    // knows the plan; what it discloses is recorded before the answer goes.
    using Make = std::function<http::Response(const Call&)>;
    // What the resource returns instead of the answer. For calls that have passed the gate.
    http::Response answer(const Call& call, Make make);

    using Task = std::function<void()>;
    void post(const std::string& partner, Task task);

  private:
    struct Queue {
        std::deque<Task> waiting;
        unsigned under_way = 0;
        std::chrono::nanoseconds spent{};  // on one clock for all: a newcomer begins at `pace_`
    };

    void run();
    Queue* next();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Queue> queues_;  // by partner: those that wait or are being served
    std::chrono::nanoseconds pace_{};      // what the last one served had spent: where a newcomer begins
    bool is_stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace cvstroom::api
