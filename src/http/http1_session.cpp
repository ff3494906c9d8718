#include "http/http1_session.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <utility>

namespace cvstroom::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::chrono::seconds linger_time{2};
constexpr char tls_handshake_record = 0x16;

constexpr std::string_view plain_http_answer =
    "HTTP/1.1 426 Upgrade Required\r\n"
    "Upgrade: TLS/1.2, HTTP/1.1\r\n"
    "Connection: Upgrade, close\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Length: 74\r\n"
    "\r\n"
    "This port speaks TLS only: use an address that begins with https:// here.\n";

}  // namespace

// What a Reply holds: answers once, with 500 at the latest when the last copy goes.
class Http1Session::PendingReply {
  public:
    PendingReply(std::shared_ptr<EventLoop> loop, std::shared_ptr<Http1Session> session)
        : loop_(std::move(loop)), session_(std::move(session)) {}
    PendingReply(const PendingReply&) = delete;
    PendingReply& operator=(const PendingReply&) = delete;
    ~PendingReply() { give_up(); }

    void give(Response response) {
        if (!is_answered_.exchange(true)) session_->deliver(std::move(response));
    }
    void give_up() {
        if (!is_answered_.exchange(true)) session_->deliver_failure();
    }

  private:
    // The session's socket belongs to the loop's context, which must outlive it: the order of these two matters.
    const std::shared_ptr<EventLoop> loop_;
    const std::shared_ptr<Http1Session> session_;
    std::atomic<bool> is_answered_{false};
};

Http1Session::Http1Session(Socket socket, EventLoop& loop, const Environment& environment, std::string remote)
    : socket_(std::move(socket)),
      loop_(loop),
      environment_(environment),
      remote_(std::move(remote)),
      tls_(environment.tls),
      reader_(environment.limits, remote_) {}

void Http1Session::start() {
    error_code ignored;  // what a socket cannot do here, reading or writing will tell
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    deadline_ = steady_clock::now() + environment_.limits.handshake_time;
    proceed();
}

// Goes on until there is something to wait for: input, the handler, or room to send.
void Http1Session::proceed() {
    try {
        while (!is_sending_ && step()) {
        }
    } catch (const std::exception& error) {
        spdlog::error("a connection is given up: {}", error.what());  // out of memory, most likely
        close();
    }
}

bool Http1Session::step() {
    switch (stage_) {
        case Stage::handshake:
            return shake_hands();
        case Stage::receiving:
            return receive();
        case Stage::handling:
            return await_answer();
        case Stage::answering:
            return encrypt_answer();
        case Stage::streaming:
            return stream_answer();
        case Stage::closing:
            return finish_closing();
        case Stage::lingering:
            return wait_for_input();
        case Stage::closed:
            break;
    }
    return false;
}

bool Http1Session::shake_hands() {
    switch (tls_.handshake()) {
        case TlsStream::Status::done:
            stage_ = Stage::receiving;
            return true;
        case TlsStream::Status::want_input:
            return wait_for_input();
        default:
            stage_ = Stage::closing;
            return true;  // the alert, if there is one, waits in the output
    }
}

// A client that speaks plain HTTP, or anything else that is not TLS, is told so in the clear.
bool Http1Session::refuse_plain_http() {
    if (tls_.input().empty() || tls_.input().front() == tls_handshake_record) return false;
    tls_.output().append(plain_http_answer);
    stage_ = Stage::closing;
    return true;
}

bool Http1Session::receive() {
    switch (reader_.read()) {
        case RequestReader::State::complete:
            dispatch();
            return true;
        case RequestReader::State::need_more:
            return fill();
        case RequestReader::State::want_continue:
            tls_.write("HTTP/1.1 100 Continue\r\n\r\n");
            return true;
        case RequestReader::State::refused:
            refuse(reader_.refusal().status, reader_.refusal().reason);
            return true;
    }
    return false;
}

bool Http1Session::fill() {
    std::size_t count = 0;
    switch (tls_.read(reader_.space(), count)) {
        case TlsStream::Status::done:
            reader_.received(count);
            return true;
        case TlsStream::Status::want_input:
            break;
        case TlsStream::Status::closed:
            say_goodbye();
            return true;
        case TlsStream::Status::failed:
            stage_ = Stage::closing;
            return true;
    }
    if (!reader_.has_begun()) {
        if (loop_.is_draining()) {
            say_goodbye();
            return true;
        }
        deadline_ = steady_clock::now() + environment_.limits.idle_time;
    } else if (!is_request_timed_) {
        is_request_timed_ = true;  // once: the next bytes of a slow request must not give it more time
        deadline_ = steady_clock::now() + environment_.limits.request_time;
    }
    return wait_for_input();
}

// Sends what waits to be sent, then asks for more input. Nothing can go on before one of them is done.
bool Http1Session::wait_for_input() {
    if (!flush() || is_reading_) return false;
    is_reading_ = true;
    const auto space = tls_.input_space();
    socket_.async_read_some(
        asio::mutable_buffer(space.data(), space.size()),
        [self = shared_from_this()](const error_code& error, std::size_t count) { self->on_input(error, count); });
    return false;
}

void Http1Session::on_input(const error_code& error, std::size_t count) {
    is_reading_ = false;
    if (stage_ == Stage::closed) return;
    if (error) {
        // The last words may still be on their way to a client that has only stopped sending.
        has_input_ended_ = true;
        if (on_give_up_) return give_up(GivenUp::client_left);
        const bool is_answering = stage_ == Stage::handling || stage_ == Stage::answering || stage_ == Stage::streaming;
        if (!is_sending_ && !is_answering) close();
        return;
    }
    const bool is_closing = stage_ == Stage::closing || stage_ == Stage::lingering;
    const bool is_wanted = !is_closing;
    const bool is_first = stage_ == Stage::handshake && !has_input_;
    has_input_ = true;
    tls_.received(is_wanted ? count : 0);
    if (is_first) refuse_plain_http();
    proceed();
}

void Http1Session::dispatch() {
    stage_ = Stage::handling;
    deadline_ = Time::max();
    is_request_timed_ = false;
    const std::uint64_t flow = environment_.handler.flow_of(reader_.request(*this, loop_));
    if (!loop_.turns().may_begin(flow)) {
        return loop_.turns().defer(flow, [self = shared_from_this()] { self->handle_in_turn(); });
    }
    const auto begun = steady_clock::now();
    handle();
    loop_.turns().ended(flow, steady_clock::now() - begun);
}

void Http1Session::handle_in_turn() {
    if (stage_ != Stage::handling) return;  // closed meanwhile
    handle();
    proceed();
}

void Http1Session::handle() {
    const Request& request = reader_.request(*this, loop_);
    const auto pending = std::make_shared<PendingReply>(loop_.shared(), shared_from_this());
    is_dispatching_ = true;
    try {
        environment_.handler.handle(request, [pending](Response response) { pending->give(std::move(response)); });
    } catch (const std::exception& error) {
        spdlog::error("the handler of a {} threw: {}", request.method, error.what());
        pending->give_up();  // a copy that got away must not answer a later request
    }
    is_dispatching_ = false;
    if (loop_.is_draining() && !answer_) give_up(GivenUp::server_stops);
}

// A client that ends its sending while it waits for a late answer is taken to have gone.
void Http1Session::give_up(GivenUp reason) {
    const auto callback = std::exchange(on_give_up_, nullptr);
    const auto self = shared_from_this();  // the callback may drop the reply
    if (reason == GivenUp::client_left) close();
    if (callback) callback(reason);
}

// While a late answer is awaited, what the client sends is looked at only to see whether it is still there. Bytes of a
// next request stay unread: then its departure is noticed when the answer is sent.
bool Http1Session::watch_for_departure() {
    switch (tls_.peek()) {
        case TlsStream::Status::want_input:
            return wait_for_input();
        case TlsStream::Status::done:
            return false;
        default:
            give_up(GivenUp::client_left);
            return false;
    }
}

void Http1Session::deliver(Response response) {
    if (loop_.is_current_thread() && is_dispatching_) {
        answer_ = std::move(response);
        return;
    }
    delivered_ = std::move(response);
    loop_.hand_over(shared_from_this());
}

void Http1Session::deliver_failure() {
    delivered_.reset();
    loop_.hand_over(shared_from_this());
}

void Http1Session::resume() {
    if (stage_ != Stage::handling) return;  // closed meanwhile
    on_give_up_ = nullptr;
    answer_ = delivered_ ? std::move(*delivered_) : refusal(500, "the request was not answered");
    delivered_.reset();
    proceed();
}

// While the handler thinks, the answers to earlier requests go out.
bool Http1Session::await_answer() {
    if (!answer_) {
        if (on_give_up_ && !is_dispatching_ && !is_reading_) return watch_for_departure();
        flush();
        return false;
    }
    on_give_up_ = nullptr;
    begin_answer(std::move(*std::exchange(answer_, std::nullopt)));
    return true;
}

void Http1Session::refuse(unsigned status, std::string_view reason) {
    must_close_ = true;
    begin_answer(refusal(status, reason));
}

Response Http1Session::refusal(unsigned status, std::string_view reason) {
    try {
        return environment_.handler.refuse(status, reason);
    } catch (const std::exception& error) {
        spdlog::error("refusing a request with {} failed: {}", status, error.what());
        Response bare;
        bare.status = status;
        return bare;
    }
}

void Http1Session::say_goodbye() {
    tls_.shut_down();
    stage_ = Stage::closing;
}

// Closing a socket that has unread input makes the kernel take back what the client has not read yet. So the sending
// half is closed first, and the rest when the client has gone or has had time to.
bool Http1Session::finish_closing() {
    if (!flush()) return false;
    if (has_input_ended_) {
        close();
        return false;
    }
    error_code ignored;  // a client that is gone already cannot be told
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    stage_ = Stage::lingering;
    deadline_ = steady_clock::now() + linger_time;
    return true;
}

void Http1Session::check_deadline(Time now) {
    if (is_sending_) {
        const bool is_piece_late = stage_ == Stage::streaming && now >= piece_deadline_;
        if (now >= send_deadline_ || is_piece_late) close();
        return;
    }
    if (now < deadline_) return;
    if (stage_ == Stage::receiving && reader_.has_begun()) {
        refuse(408, "the request took too long to come");
        return proceed();
    }
    close();
}

void Http1Session::drain() {
    const bool is_idle = stage_ == Stage::receiving && !reader_.has_begun() && !is_sending_;
    if (is_idle) {
        tls_.shut_down();
        flush();  // what does not fit the socket's buffer now was not going to be read
    }
    if (is_idle || stage_ == Stage::handshake) close();
    if (stage_ == Stage::handling) give_up(GivenUp::server_stops);
}

void Http1Session::close() {
    if (stage_ == Stage::closed) return;
    stage_ = Stage::closed;
    response_ = {};  // a body's source may hold much
    unsent_body_ = {};
    error_code ignored;  // closing cannot fail in a way that matters here
    socket_.close(ignored);
    const auto self = shared_from_this();  // the loop lets go of it
    loop_.remove(*this);
}

}  // namespace cvstroom::http
