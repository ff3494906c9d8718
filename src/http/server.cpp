#include "http/server.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/scheduling.hpp"
#include "http/event_loop.hpp"
#include "http/http1_session.hpp"
#include "http/tls.hpp"

namespace cvstroom::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds pause_after_failed_accept{100};
constexpr std::chrono::microseconds turn_length{100};  // the least there is

void settle_on(unsigned processor) {
    stay_on(processor);
    take_short_turns(turn_length);
}

// The first loop's thread accepts and hands each connection to the loop that has the fewest.
class TlsServer final : public Server {
  public:
    TlsServer(ServerConfig config, TlsContext tls, Handler& handler)
        : config_(std::move(config)),
          tls_(std::move(tls)),
          handler_(handler),
          loops_(make_loops(config_.threads)),
          acceptor_(loops_.front()->context()),
          accept_pause_(loops_.front()->context()) {}
    ~TlsServer() override { stop(std::chrono::milliseconds(0)); }

    Result<void> open();
    void start() override;
    void stop(std::chrono::milliseconds patience) override;
    std::uint16_t port() const override { return port_; }

  private:
    using Socket = Http1Session::Socket;
    using Acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;
    using Loops = std::vector<std::shared_ptr<EventLoop>>;

    static Loops make_loops(unsigned threads);
    std::size_t open_connections() const;
    EventLoop& least_loaded_loop();
    void accept();
    void on_accept(EventLoop& loop, const error_code& error, Socket socket);
    void hand_over(EventLoop& loop, Socket socket);
    void begin_session(EventLoop& loop, Socket socket, std::string remote);

    const ServerConfig config_;
    const TlsContext tls_;
    Handler& handler_;
    const Loops loops_;
    Acceptor acceptor_;
    asio::steady_timer accept_pause_;
    std::uint16_t port_ = 0;
    std::size_t next_loop_ = 0;
    std::mutex state_mutex_;  // start() and stop()
    bool is_started_ = false;
    bool is_stopped_ = false;
    std::vector<std::thread> threads_;
};

TlsServer::Loops TlsServer::make_loops(unsigned threads) {
    const unsigned count = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
    Loops loops;
    for (unsigned i = 0; i < count; ++i) loops.push_back(std::make_shared<EventLoop>());
    return loops;
}

Result<void> TlsServer::open() {
    const std::string where = config_.address + ":" + std::to_string(config_.port);
    error_code error;
    const auto address = asio::ip::make_address(config_.address, error);
    if (error) return fail(ErrorCode::invalid_input, "not an IP address", config_.address);
    const tcp::endpoint endpoint(address, config_.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return fail(ErrorCode::io, "cannot listen: " + error.message(), where);
    port_ = acceptor_.local_endpoint(error).port();
    return {};
}

void TlsServer::start() {
    const std::lock_guard lock(state_mutex_);
    if (is_started_ || is_stopped_) return;
    is_started_ = true;
    accept();
    // A processor each, or none at all: a loop must not share one with another while a third is free.
    const auto processors = usable_processors();
    const bool has_one_each = config_.threads == 0 && processors.size() == loops_.size();
    for (std::size_t i = 0; i < loops_.size(); ++i) {
        threads_.emplace_back([loop = loops_[i], own = has_one_each ? std::optional(processors[i]) : std::nullopt] {
            if (own) settle_on(*own);
            loop->run();
        });
    }
}

void TlsServer::stop(std::chrono::milliseconds patience) {
    const std::lock_guard lock(state_mutex_);
    if (std::exchange(is_stopped_, true)) return;
    if (!is_started_) {
        error_code ignored;  // it was never used
        acceptor_.close(ignored);
        return;
    }
    asio::post(loops_.front()->context(), [this] {
        error_code ignored;  // closing cannot fail in a way that matters here
        acceptor_.close(ignored);
        accept_pause_.cancel();
    });
    for (const auto& loop : loops_) loop->begin_drain(patience);
    for (auto& thread : threads_) thread.join();
}

std::size_t TlsServer::open_connections() const {
    std::size_t count = 0;
    for (const auto& loop : loops_) count += loop->load();
    return count;
}

EventLoop& TlsServer::least_loaded_loop() {
    // In turn when they are equal, as for a burst of connections on an idle server.
    std::size_t best = next_loop_;
    for (std::size_t i = 0; i < loops_.size(); ++i) {
        if (loops_[i]->load() < loops_[best]->load()) best = i;
    }
    next_loop_ = (best + 1) % loops_.size();
    return *loops_[best];
}

void TlsServer::accept() {
    EventLoop& loop = least_loaded_loop();
    acceptor_.async_accept(loop.context(), [this, &loop](const error_code& error, Socket socket) {
        on_accept(loop, error, std::move(socket));
    });
}

void TlsServer::on_accept(EventLoop& loop, const error_code& error, Socket socket) {
    if (!acceptor_.is_open()) return;
    if (!error) {
        hand_over(loop, std::move(socket));
        return accept();
    }
    if (error == asio::error::connection_aborted) return accept();
    // Out of descriptors, most likely: trying again at once would spin.
    spdlog::warn("cannot accept a connection: {}", error.message());
    accept_pause_.expires_after(pause_after_failed_accept);
    accept_pause_.async_wait([this](const error_code& cancelled) {
        if (!cancelled && acceptor_.is_open()) accept();
    });
}

void TlsServer::hand_over(EventLoop& loop, Socket socket) {
    if (open_connections() >= config_.limits.connections) return;  // the socket closes as it goes out of scope
    error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) return;  // gone already
    loop.reserve();
    asio::post(loop.context(), [this, &loop, socket = std::move(socket), peer]() mutable {
        begin_session(loop, std::move(socket), peer.address().to_string());
    });
}

void TlsServer::begin_session(EventLoop& loop, Socket socket, std::string remote) {
    std::shared_ptr<Http1Session> session;
    try {
        const Http1Session::Environment environment{*tls_, config_.limits, handler_};
        session = std::make_shared<Http1Session>(std::move(socket), loop, environment, std::move(remote));
        loop.add(session);
    } catch (const std::bad_alloc&) {
        spdlog::error("out of memory for a new connection");
        return loop.release();
    }
    session->start();
}

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(ServerConfig config, Handler& handler) {
    auto tls = make_tls_context(config.certificate_chain, config.private_key);
    if (!tls) return tl::unexpected(tls.error());
    auto server = std::make_unique<TlsServer>(std::move(config), std::move(*tls), handler);
    const auto opened = server->open();
    if (!opened) return tl::unexpected(opened.error());
    return server;
}

}  // namespace cvstroom::http
