#include "mirror/batch_writer.hpp"

#include <pthread.h>

namespace cvstroom::mirror {

BatchWriter::~BatchWriter() {
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Result<void> BatchWriter::push(Batch batch) {
    std::unique_lock lock(mutex_);
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    changed_.wait(lock, [this] { return waiting_.size() < most_waiting || error_; });
    if (error_) return tl::unexpected(*error_);
    waiting_.push_back(std::move(batch));
    changed_.notify_all();
    return {};
}

Result<void> BatchWriter::drain() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return (waiting_.empty() && !is_busy_) || error_; });
    if (error_) return tl::unexpected(*error_);
    return {};
}

void BatchWriter::work() {
    pthread_setname_np(pthread_self(), "copy-writer");  // for top, perf and bench/mirror
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return !waiting_.empty() || is_ending_; });
        if (waiting_.empty() || error_) return;
        const Batch batch = std::move(waiting_.front());
        waiting_.pop_front();
        is_busy_ = true;
        changed_.notify_all();
        lock.unlock();
        const auto applied = sink_.apply(batch);
        if (applied) observer_.on_commit(batch.state, *applied);
        lock.lock();
        is_busy_ = false;
        if (!applied) error_ = applied.error();
        changed_.notify_all();
    }
}

}  // namespace cvstroom::mirror
