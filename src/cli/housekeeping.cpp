#include "cli/housekeeping.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace cvstroom::cli {

void Housekeeping::every(std::chrono::milliseconds interval, std::string doing, Task task) {
    chores_.push_back({interval, std::move(doing), std::move(task), {}});
}

void Housekeeping::start() {
    if (chores_.empty() || thread_.joinable()) return;
    for (auto& chore : chores_) chore.due = std::chrono::steady_clock::now() + chore.interval;
    thread_ = std::thread([this] { work(); });
}

void Housekeeping::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Housekeeping::work() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        const auto next = std::ranges::min_element(chores_, {}, &Chore::due);
        wake_.wait_until(lock, next->due, [this] { return is_stopping_; });
        lock.unlock();
        run_due(std::chrono::steady_clock::now());
        lock.lock();
    }
    lock.unlock();
    run_due(Time::max());
}

void Housekeeping::run_due(Time now) {
    for (auto& chore : chores_) {
        if (now < chore.due) continue;
        if (const auto done = chore.task(); !done) spdlog::error("{} failed: {}", chore.doing, to_string(done.error()));
        chore.due = std::chrono::steady_clock::now() + chore.interval;
    }
}

}  // namespace cvstroom::cli
