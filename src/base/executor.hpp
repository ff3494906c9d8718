// Runs work on a thread of its own: what an event loop is to those who need not know of it.
#pragma once

#include <functional>
#include <memory>

namespace cvstroom {

// Shared by whoever may still give it work.
class Executor : public std::enable_shared_from_this<Executor> {
  public:
    virtual ~Executor() = default;
    // From any thread; `work` is called later, on the executor's thread, in the order in which it was given.
    virtual void post(std::function<void()> work) = 0;
    // From any thread; `when_signalled` is called on the executor's thread, once now and then after signals of the
    // eventfd, until the executor ends. When several watch the same one, at least one of them is told of each signal.
    virtual void watch(int eventfd, std::function<void()> when_signalled) = 0;
};

}  // namespace cvstroom
