#include "api/delays.hpp"

#include <utility>

namespace cvstroom::api {

Delays::~Delays() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Delays::after(std::chrono::milliseconds delay, std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        tasks_.emplace(std::chrono::steady_clock::now() + delay, std::move(task));
    }
    changed_.notify_all();
}

void Delays::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        if (tasks_.empty()) {
            if (is_stopping_) return;
            changed_.wait(lock);
            continue;
        }
        const auto due = tasks_.begin()->first;
        if (!is_stopping_ && std::chrono::steady_clock::now() < due) {
            changed_.wait_until(lock, due);
            continue;
        }
        const auto task = std::move(tasks_.extract(tasks_.begin()).mapped());
        lock.unlock();
        task();
        lock.lock();
    }
}

}  // namespace cvstroom::api
