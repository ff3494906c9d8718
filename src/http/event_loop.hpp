// One thread's share of a listener: its event loop, the connections that live on it, and its clock.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/executor.hpp"
#include "http/fair_turns.hpp"

namespace cvstroom::http {

// What the loop asks of a connection, always on the loop's thread.
class Connection {
  public:
    virtual ~Connection() = default;
    // Deadlines are looked at a few times a second, not armed as timers: a request costs no timer.
    virtual void check_deadline(std::chrono::steady_clock::time_point now) = 0;
    // Finish the request under way, if any, then close.
    virtual void drain() = 0;
    // Close at once.
    virtual void close() = 0;
    // Take up the answer that came from elsewhere: see EventLoop::hand_over().
    virtual void resume() = 0;
};

// Shared by its listener and by replies that are still out, so that a late one finds the loop, if only to be dropped.
class EventLoop final : public Executor {
  public:
    EventLoop();
    ~EventLoop() override;

    std::shared_ptr<EventLoop> shared() { return std::static_pointer_cast<EventLoop>(shared_from_this()); }

    boost::asio::io_context& context() { return context_; }

    // The thread's body: returns when a drain has come to its end.
    void run();

    // From any thread: no more connections are expected; those that are still open after `patience` are cut.
    void begin_drain(std::chrono::milliseconds patience);

    // From any thread: reserves a place for a connection, given back by remove() or, if it never came to be, release().
    void reserve() { load_.fetch_add(1, std::memory_order_relaxed); }
    void release() { load_.fetch_sub(1, std::memory_order_relaxed); }
    std::size_t load() const { return load_.load(std::memory_order_relaxed); }

    // From any thread: resume() is called on the loop's thread. All that is handed over before the loop comes to it
    // goes together: the loop is woken once, not for each answer.
    void hand_over(std::shared_ptr<Connection> connection);

    // Work that comes when the loop has ended is dropped.
    void post(std::function<void()> work) override;
    void watch(int eventfd, std::function<void()> when_signalled) override;

    // On the loop's thread only, as is all that follows. Closes the connection at once when the loop is draining.
    void add(std::shared_ptr<Connection> connection);
    void remove(Connection& connection);

    // Whose request is handled next, on this loop.
    FairTurns& turns() { return turns_; }

    bool is_current_thread() const { return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }
    bool is_draining() const { return is_draining_; }
    // Now, as a Date field gives it; a quarter of a second old at most.
    std::string_view date() const { return date_; }

  private:
    struct Watch;

    static void arm(const std::shared_ptr<Watch>& watch);
    void take_over();
    void end();
    void tick();
    void schedule_tick();
    template <typename Action>
    void for_each(Action action);
    void finish_when_empty();

    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::steady_timer timer_;
    FairTurns turns_;
    std::atomic<std::thread::id> thread_{};
    std::atomic<std::size_t> load_{0};
    std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
    std::mutex handed_over_mutex_;
    std::vector<std::shared_ptr<Connection>> handed_over_;
    std::vector<std::shared_ptr<Connection>> taken_over_;  // the loop's; kept for its room
    bool has_ended_ = false;                               // under the mutex
    std::string date_;
    std::vector<std::shared_ptr<Watch>> watches_;
    bool is_draining_ = false;
    std::chrono::steady_clock::time_point drain_deadline_;
};

}  // namespace cvstroom::http
