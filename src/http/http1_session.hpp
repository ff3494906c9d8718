// One client's connection: TLS, then HTTP/1.1 requests one after the other until either side has had enough.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/event_loop.hpp"
#include "http/message.hpp"
#include "http/request_reader.hpp"
#include "http/server.hpp"
#include "http/tls.hpp"

namespace cvstroom::http {

// Lives on its loop's thread; only deliver() and deliver_failure() may be called from elsewhere. The loop owns it until
// it closes; a Reply that is still out keeps it (and the views of its Request) alive after that.
class Http1Session final : public Connection, public Waiting, public std::enable_shared_from_this<Http1Session> {
  public:
    using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

    // What the listener hands to each of its connections; all of it outlives them while they are open.
    struct Environment {
        SSL_CTX& tls;
        const Limits& limits;
        Handler& handler;
    };

    Http1Session(Socket socket, EventLoop& loop, const Environment& environment, std::string remote);

    void start();

    void check_deadline(std::chrono::steady_clock::time_point now) override;
    void drain() override;
    void close() override;
    void resume() override;
    void on_give_up(std::function<void(GivenUp)> callback) override { on_give_up_ = std::move(callback); }

    // The answer to the request that is being handled, or that there will be none.
    void deliver(Response response);
    void deliver_failure();

  private:
    using Time = std::chrono::steady_clock::time_point;
    enum class Stage {
        handshake,
        receiving,  // waiting for a request, or in the middle of one
        handling,   // a handler has the request
        answering,  // the answer is being encrypted
        streaming,  // likewise, in pieces that its source makes meanwhile
        closing,    // the last bytes are on their way out
        lingering,  // all is said; waiting until the client has read it and goes
        closed,
    };
    class PendingReply;
    struct PieceTaker;

    void proceed();
    bool step();

    bool shake_hands();
    bool refuse_plain_http();
    bool receive();
    bool fill();
    bool wait_for_input();
    void on_input(const boost::system::error_code& error, std::size_t count);

    void dispatch();
    void handle();
    void handle_in_turn();
    bool await_answer();
    void refuse(unsigned status, std::string_view reason);
    Response refusal(unsigned status, std::string_view reason);
    void begin_answer(Response response);
    bool encrypt_body();
    bool encrypt_answer();
    bool finish_answer();
    bool stream_answer();
    void ask_for_piece();
    void take_piece(BodySource::Piece piece);
    void give_up(GivenUp reason);
    bool watch_for_departure();

    void say_goodbye();
    bool finish_closing();
    bool flush();
    void on_sent(const boost::system::error_code& error, std::size_t count);

    Socket socket_;
    EventLoop& loop_;
    const Environment environment_;
    const std::string remote_;
    TlsStream tls_;
    RequestReader reader_;

    Stage stage_ = Stage::handshake;
    bool is_reading_ = false;
    bool is_sending_ = false;
    bool is_dispatching_ = false;
    bool is_request_timed_ = false;
    bool has_input_ = false;
    bool has_input_ended_ = false;
    bool must_close_ = false;
    Time deadline_ = Time::max();
    Time send_deadline_ = Time::max();
    Time piece_deadline_ = Time::max();

    std::optional<Response> answer_;  // given, not yet begun
    // Given outside of the handler's call, by whichever thread; the loop's hand_over() passes it to this one. Nothing
    // in it when the request was not answered.
    std::optional<Response> delivered_;
    Response response_;  // being encrypted
    std::string_view unsent_body_;
    std::string piece_;  // of a streamed body, framed; unsent_body_ looks into it
    bool is_chunked_ = false;
    bool is_piece_asked_ = false;
    bool is_last_piece_ = false;
    std::function<void(GivenUp)> on_give_up_;  // of the handler that has the request
    std::string record_;                       // the head and the beginning of the body: one TLS record
    std::size_t sent_ = 0;                     // of tls_.output()
};

}  // namespace cvstroom::http
