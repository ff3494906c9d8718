// Where the current snapshot stands: many threads take it, one at a time replaces it.
//
// Two slots, each with a count of the readers that are copying from it just now. A writer fills the slot that nobody is
// sent to, sends readers there, and empties the other once its last reader has left. So a reader never waits: at worst,
// when a writer came between, it tries again. (libstdc++ 12's std::atomic<std::shared_ptr> holds a lock bit while
// it copies: a reader could wait for a writer that has lost its processor.)
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <thread>

#include "index/snapshot.hpp"

namespace cvstroom::index {

class SnapshotCell {
  public:
    SnapshotCell() { slots_[0].snapshot = std::make_shared<Snapshot>(); }

    // Any thread. Lock-free.
    std::shared_ptr<const Snapshot> load() const {
        for (;;) {
            const unsigned active = active_.load();
            const Slot& slot = slots_[active];
            slot.readers.fetch_add(1);
            // Readers that come here after the writer looked at the count see that they are sent elsewhere.
            if (active_.load() == active) {
                auto snapshot = slot.snapshot;
                slot.readers.fetch_sub(1);
                return snapshot;
            }
            slot.readers.fetch_sub(1);
        }
    }

    // One thread at a time. Returns what stood there; let it go outside of locks: freeing a segment takes long.
    std::shared_ptr<const Snapshot> exchange(std::shared_ptr<const Snapshot> next) {
        const unsigned before = active_.load();
        Slot& free = slots_[1 - before];
        wait_for_readers(free);
        free.snapshot = std::move(next);
        active_.store(1 - before);
        wait_for_readers(slots_[before]);
        return std::exchange(slots_[before].snapshot, nullptr);
    }

  private:
    struct alignas(64) Slot {
        mutable std::atomic<unsigned> readers = 0;
        std::shared_ptr<const Snapshot> snapshot;
    };

    // A reader is here for the time of a copy of a pointer.
    static void wait_for_readers(const Slot& slot) {
        while (slot.readers.load() != 0) std::this_thread::yield();
    }

    std::array<Slot, 2> slots_;
    alignas(64) std::atomic<unsigned> active_ = 0;
};

}  // namespace cvstroom::index
