// The lists as they are now: a provider may replace one while the server runs.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "reference/reference.hpp"

namespace cvstroom::reference {

// Whoever needs lists takes them once and keeps them for the length of a request or a batch, so that it sees one state
// of them. Thread-safe; the lock is held for the copy of a pointer only.
class CurrentLists {
  public:
    using Pointer = std::shared_ptr<const ReferenceData>;

    // Pre: not null.
    explicit CurrentLists(Pointer lists) : lists_(std::move(lists)) {}

    Pointer get() const {
        const std::lock_guard lock(mutex_);
        return lists_;
    }
    void set(Pointer lists) {
        const std::lock_guard lock(mutex_);
        lists_.swap(lists);
    }

  private:
    mutable std::mutex mutex_;
    Pointer lists_;
};

}  // namespace cvstroom::reference
