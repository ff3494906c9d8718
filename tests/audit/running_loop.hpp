// An event loop that runs on a thread of its own until it goes.
#pragma once

#include <memory>
#include <thread>

#include "http/event_loop.hpp"

namespace cvstroom::test {

class RunningLoop {
  public:
    RunningLoop() : thread_([loop = loop_] { loop->run(); }) {}
    ~RunningLoop() {
        loop_->begin_drain(std::chrono::milliseconds{0});
        thread_.join();
    }
    RunningLoop(const RunningLoop&) = delete;
    RunningLoop& operator=(const RunningLoop&) = delete;

    http::EventLoop& operator*() { return *loop_; }
    http::EventLoop* operator->() { return loop_.get(); }

  private:
    const std::shared_ptr<http::EventLoop> loop_ = std::make_shared<http::EventLoop>();
    std::thread thread_;
};

}  // namespace cvstroom::test
