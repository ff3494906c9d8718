// Writes batches on a thread of its own, while the next are being received and read.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "mirror/observer.hpp"
#include "mirror/sink.hpp"

namespace cvstroom::mirror {

// Batches are applied in the order given, one at a time. After an error nothing more is written.
// The sink belongs to the writer's thread from the first push() until drain() returns.
class BatchWriter {
  public:
    BatchWriter(Sink& sink, Observer& observer) : sink_(sink), observer_(observer) {}
    ~BatchWriter();
    BatchWriter(const BatchWriter&) = delete;
    BatchWriter& operator=(const BatchWriter&) = delete;

    // Waits while as many are waiting as fit in memory. The first error that the sink gave, if any.
    Result<void> push(Batch batch);
    // Waits until all is written; the first error, if any.
    Result<void> drain();

  private:
    static constexpr std::size_t most_waiting = 3;
    void work();

    Sink& sink_;
    Observer& observer_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Batch> waiting_;
    bool is_busy_ = false;
    bool is_ending_ = false;
    std::optional<Error> error_;
    std::thread thread_;
};

}  // namespace cvstroom::mirror
