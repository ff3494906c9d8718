// Deals a loop's time out between flows (a flow is what the handler says: a partner), so that nobody's requests,
// however many, stand in the way of another's.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <unordered_map>

namespace cvstroom::http {

// Deficit round robin over time. In each turn of the loop a flow may use up one quantum; a request that comes when it
// has none left waits, and its connection is not read meanwhile, so that a client that is answered only so often asks
// only so often. What a request takes beyond the quantum is owed in the turns after it. A flow alone on the loop gets
// all of its time: turns follow each other at once. Lives on the loop's thread.
class FairTurns {
  public:
    using Clock = std::chrono::steady_clock;
    using Work = std::function<void()>;

    // Between two turns the loop looks at its sockets: shorter is fairer, longer costs less.
    static constexpr std::chrono::nanoseconds quantum = std::chrono::microseconds{200};

    using Now = Clock::time_point (*)();

    explicit FairTurns(boost::asio::io_context& context, Now now = &Clock::now) : context_(context), now_(now) {}

    // Whether a request of the flow may be handled now. If so, call ended() when it is done; otherwise defer() it.
    bool may_begin(std::uint64_t flow);
    // `took`: the time since the request's beginning.
    void ended(std::uint64_t flow, std::chrono::nanoseconds took);
    // Calls `work`, which handles the request and all that follows from it, in one of the next turns.
    void defer(std::uint64_t flow, Work work);

    std::size_t waiting() const { return waiting_; }

  private:
    struct Flow {
        std::chrono::nanoseconds spent{};
        std::deque<Work> waiting;
    };

    void schedule_turn();
    void begin_turn();
    void serve(Flow& flow);

    boost::asio::io_context& context_;
    Now now_;
    std::unordered_map<std::uint64_t, Flow> flows_;  // those that spent something or wait
    std::size_t waiting_ = 0;
    bool is_turn_scheduled_ = false;
};

}  // namespace cvstroom::http
