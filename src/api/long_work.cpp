#include "api/long_work.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/scheduling.hpp"

namespace cvstroom::api {
namespace {

using std::chrono::steady_clock;

constexpr int niceness = 10;  // a tenth of a processor's time is left when loops always have something to do

}  // namespace

unsigned LongWork::threads_for_this_machine() {
    return std::max(2U, std::thread::hardware_concurrency()) - 1;
}

LongWork::LongWork(unsigned threads) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

LongWork::~LongWork() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
}

http::Response LongWork::answer(const Call& call, Make make) {
    const auto late = std::make_shared<LateRecord>();
    call.record.late = late;
    http::Response response;
    response.later = [this, late, partner = call.record.partner, plan = call.record.plan, make = std::move(make)](
                         const http::Request& asked, http::Reply reply) {
        post(partner, [asked, late, plan, make, reply = std::move(reply)] {
            const auto begun = steady_clock::now();
            CallRecord record;
            record.plan = plan;
            auto made = make(Call(asked, record));
            late->disclosed = std::move(record.disclosed);
            late->members = std::move(record.members);
            late->took = steady_clock::now() - begun;
            reply(std::move(made));
        });
    };
    return response;
}

void LongWork::post(const std::string& partner, Task task) {
    {
        const std::lock_guard lock(mutex_);
        const auto [queue, is_new] = queues_.try_emplace(partner);
        // Who comes (back) has no claim on the time before: it would keep the others waiting for as long.
        if (is_new) queue->second.spent = pace_;
        queue->second.waiting.push_back(std::move(task));
    }
    changed_.notify_one();
}

// Of those that wait, the one that has had the least time.
LongWork::Queue* LongWork::next() {
    Queue* least = nullptr;
    for (auto& [partner, queue] : queues_) {
        if (!queue.waiting.empty() && (least == nullptr || queue.spent < least->spent)) least = &queue;
    }
    return least;
}

void LongWork::run() {
    give_way(niceness);
    std::unique_lock lock(mutex_);
    for (;;) {
        Queue* queue = nullptr;
        changed_.wait(lock, [&] { return is_stopping_ || (queue = next()) != nullptr; });
        if (is_stopping_) return;
        pace_ = std::max(pace_, queue->spent);
        ++queue->under_way;
        Task task = std::move(queue->waiting.front());
        queue->waiting.pop_front();
        lock.unlock();
        const auto begun = steady_clock::now();
        try {
            task();
        } catch (const std::exception& error) {
            spdlog::error("an answer is given up: {}", error.what());  // out of memory, most likely
        }
        task = nullptr;  // gives the request back before the lock is taken
        lock.lock();
        queue->spent += steady_clock::now() - begun;
        --queue->under_way;
        std::erase_if(queues_,
                      [](const auto& each) { return each.second.waiting.empty() && each.second.under_way == 0; });
    }
}

}  // namespace cvstroom::api
