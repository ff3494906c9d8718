// One durable write at a time that no thread waits for: Linux AIO on a file that is open for direct writes.
#pragma once

#include <linux/aio_abi.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "audit/group_file.hpp"

namespace cvstroom::audit {

// One write at a time; submit() by one thread, the others by one at a time while it is under way.
class QueuedWrite {
  public:
    // Null where the system has none of it (some containers forbid it).
    static std::unique_ptr<QueuedWrite> open();
    ~QueuedWrite();
    QueuedWrite(const QueuedWrite&) = delete;
    QueuedWrite& operator=(const QueuedWrite&) = delete;

    // Begins it; the bytes stay where they are until it is done. False when it could not be begun.
    bool submit(const GroupFile::DirectWrite& write);
    // Whether all of it is on disk; nothing while it is under way.
    std::optional<bool> poll() { return take_outcome(0); }
    bool wait();

    // An eventfd that is signalled when a write is done.
    int eventfd() const { return eventfd_; }

  private:
    QueuedWrite() = default;
    std::optional<bool> take_outcome(long at_least);

    aio_context_t context_ = 0;
    int eventfd_ = -1;
    iocb request_{};
};

}  // namespace cvstroom::audit
