#include "http/event_loop.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <tuple>
#include <utility>

#include "base/time.hpp"

namespace cvstroom::http {
namespace {

constexpr std::chrono::milliseconds tick_interval{250};
constexpr int one_thread = 1;  // spares Asio the locks that several threads on one context would need

}  // namespace

EventLoop::EventLoop()
    : context_(one_thread),
      work_(context_.get_executor()),
      timer_(context_),
      turns_(context_),
      date_(format_http_date(SystemClock().now())) {}

EventLoop::~EventLoop() = default;

void EventLoop::run() {
    thread_ = std::this_thread::get_id();
    schedule_tick();
    while (true) {
        try {
            context_.run();
            return end();
        } catch (const std::exception& error) {
            // Out of memory, most likely: one connection could not be begun, the others go on.
            spdlog::error("a connection could not be served: {}", error.what());
        }
    }
}

void EventLoop::begin_drain(std::chrono::milliseconds patience) {
    boost::asio::post(context_, [this, patience] {
        is_draining_ = true;
        drain_deadline_ = std::chrono::steady_clock::now() + patience;
        for_each([](Connection& connection) { connection.drain(); });
        tick();
        finish_when_empty();
    });
}

void EventLoop::hand_over(std::shared_ptr<Connection> connection) {
    bool is_first = false;
    {
        const std::lock_guard lock(handed_over_mutex_);
        is_first = handed_over_.empty();
        handed_over_.push_back(std::move(connection));
    }
    if (is_first) boost::asio::post(context_, [this] { take_over(); });
}

// What is posted may own the loop; if it stayed in a context that runs no more, neither would ever go.
void EventLoop::post(std::function<void()> work) {
    const std::lock_guard lock(handed_over_mutex_);
    if (!has_ended_) boost::asio::post(context_, std::move(work));
}

struct EventLoop::Watch {
    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> eventfd;
    std::function<void()> when_signalled;
};

void EventLoop::watch(int eventfd, std::function<void()> when_signalled) {
    const int own = dup(eventfd);  // closed with the loop
    post([this, own, when_signalled = std::move(when_signalled)]() mutable {
        if (is_draining_ && connections_.empty()) {  // it would keep the loop from ending
            close(own);
            return;
        }
        auto watch = std::make_shared<Watch>(Watch{{context_.get_executor(), own}, std::move(when_signalled)});
        watches_.push_back(watch);
        arm(watch);
        watch->when_signalled();
    });
}

// Taking the count away, then arming, then telling, in this order: a signal in between is then either told or waited
// for.
void EventLoop::arm(const std::shared_ptr<Watch>& watch) {
    watch->eventfd.async_wait(boost::asio::posix::descriptor_base::wait_read,
                              [watch](const boost::system::error_code& error) {
                                  if (error) return;  // the loop ends
                                  std::uint64_t count = 0;
                                  // It fails when another watcher was first.
                                  std::ignore = read(watch->eventfd.native_handle(), &count, sizeof count);
                                  arm(watch);
                                  watch->when_signalled();
                              });
}

void EventLoop::end() {
    {
        const std::lock_guard lock(handed_over_mutex_);
        has_ended_ = true;
    }
    context_.restart();
    context_.poll();  // what was posted before that
}

void EventLoop::take_over() {
    {
        const std::lock_guard lock(handed_over_mutex_);
        taken_over_.swap(handed_over_);
    }
    for (const auto& connection : taken_over_) connection->resume();
    taken_over_.clear();
}

void EventLoop::add(std::shared_ptr<Connection> connection) {
    Connection& added = *connection;
    connections_.emplace(&added, std::move(connection));
    if (is_draining_) added.close();
}

void EventLoop::remove(Connection& connection) {
    if (connections_.erase(&connection) == 0) return;
    release();
    finish_when_empty();
}

// The action may remove its own connection, and no other.
template <typename Action>
void EventLoop::for_each(Action action) {
    for (auto next = connections_.begin(); next != connections_.end();) {
        const std::shared_ptr<Connection> connection = (next++)->second;
        action(*connection);
    }
}

void EventLoop::tick() {
    date_ = format_http_date(SystemClock().now());
    const auto now = std::chrono::steady_clock::now();
    const bool is_patience_over = is_draining_ && now >= drain_deadline_;
    for_each([&](Connection& connection) {
        if (is_patience_over) {
            connection.close();
        } else {
            connection.check_deadline(now);
        }
    });
}

void EventLoop::schedule_tick() {
    auto wait = std::chrono::steady_clock::duration(tick_interval);
    if (is_draining_) wait = std::min(wait, drain_deadline_ - std::chrono::steady_clock::now());
    timer_.expires_after(wait);
    timer_.async_wait([this](boost::system::error_code) {
        if (is_draining_ && connections_.empty()) return;
        schedule_tick();
        tick();
    });
}

void EventLoop::finish_when_empty() {
    if (!is_draining_ || !connections_.empty()) return;
    work_.reset();
    timer_.cancel();
    for (const auto& watch : watches_) watch->eventfd.cancel();
}

}  // namespace cvstroom::http
