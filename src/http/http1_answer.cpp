// The answering half of a connection: head and body into TLS records, records into the socket.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "http/http1_session.hpp"
#include "http/response_head.hpp"

namespace cvstroom::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::size_t record_bytes = 16 * 1024;          // the most that one TLS record holds
constexpr std::size_t most_waiting_output = 256 * 1024;  // a long answer is encrypted as the client takes it
constexpr std::size_t kept_output = 64 * 1024;           // what a connection may keep between answers

}  // namespace

// What a source of a body gets to give its piece to. As above, the loop must outlive the session's socket.
struct Http1Session::PieceTaker {
    const std::shared_ptr<EventLoop> loop;
    const std::shared_ptr<Http1Session> session;
};

void Http1Session::begin_answer(Response response) {
    response_ = std::move(response);
    const bool has_body = carries_body(response_.status, reader_.is_head());
    is_chunked_ = response_.source && reader_.speaks_http11();
    const bool ends_with_connection = response_.source && !is_chunked_;
    must_close_ = must_close_ || !reader_.keeps_alive() || loop_.is_draining() || ends_with_connection;
    record_.clear();
    append_head(record_, response_, loop_.date(), !must_close_, is_chunked_);
    unsent_body_ = has_body && !response_.source ? view(response_.body) : std::string_view();
    // Head and body in one record: the client decrypts once, and a small answer is one packet.
    const std::size_t room = record_bytes - std::min(record_bytes, record_.size());
    record_.append(unsent_body_.substr(0, room));
    unsent_body_.remove_prefix(std::min(room, unsent_body_.size()));
    tls_.write(record_);
    is_last_piece_ = false;
    stage_ = has_body && response_.source ? Stage::streaming : Stage::answering;
}

// False when the connection is broken, and closed.
bool Http1Session::encrypt_body() {
    while (!unsent_body_.empty() && tls_.output().size() < most_waiting_output) {
        const std::string_view piece = unsent_body_.substr(0, record_bytes);
        if (!tls_.write(piece)) {
            close();
            return false;
        }
        unsent_body_.remove_prefix(piece.size());
    }
    return true;
}

bool Http1Session::encrypt_answer() {
    if (!encrypt_body()) return false;
    return unsent_body_.empty() ? finish_answer() : flush();
}

bool Http1Session::finish_answer() {
    response_ = {};
    if (must_close_) {
        say_goodbye();
        return true;
    }
    reader_.next();
    stage_ = Stage::receiving;
    // Answers to requests that came together go out together, within reason.
    return tls_.output().size() < kept_output || flush();
}

// The next piece is asked for when the socket has taken the last: a slow reader holds one piece, no more.
bool Http1Session::stream_answer() {
    if (!encrypt_body()) return false;
    if (!unsent_body_.empty()) return flush();
    if (is_last_piece_) {
        std::string().swap(piece_);
        return finish_answer();
    }
    if (flush() && !is_piece_asked_) ask_for_piece();
    return false;
}

void Http1Session::ask_for_piece() {
    is_piece_asked_ = true;
    piece_deadline_ = Time::max();
    const auto taker = std::make_shared<PieceTaker>(PieceTaker{loop_.shared(), shared_from_this()});
    response_.source->next([taker](BodySource::Piece piece) {
        asio::post(taker->loop->context(), [session = taker->session, given = std::move(piece)]() mutable {
            session->take_piece(std::move(given));
        });
    });
}

void Http1Session::take_piece(BodySource::Piece piece) {
    is_piece_asked_ = false;
    if (stage_ != Stage::streaming) return;  // closed meanwhile
    if (piece.is_broken) return close();
    is_last_piece_ = piece.is_last;
    piece_.clear();
    if (is_chunked_) {
        append_chunk(piece_, piece.bytes, piece.is_last);
    } else {
        piece_ = std::move(piece.bytes);
    }
    unsent_body_ = piece_;
    piece_deadline_ = steady_clock::now() + environment_.limits.piece_time;
    proceed();
}

// True when all output is on its way. Small answers fit the socket's buffer: no event loop round for them.
bool Http1Session::flush() {
    std::string& output = tls_.output();
    if (is_sending_ || stage_ == Stage::closed) return false;
    while (sent_ < output.size()) {
        error_code error;
        sent_ += socket_.write_some(asio::const_buffer(output.data() + sent_, output.size() - sent_), error);
        if (error == asio::error::would_block) break;
        if (error) {
            close();
            return false;
        }
    }
    if (sent_ == output.size()) {
        sent_ = 0;
        output.clear();
        if (output.capacity() > most_waiting_output) std::string().swap(output);
        return true;
    }
    is_sending_ = true;
    send_deadline_ = steady_clock::now() + environment_.limits.write_time;
    socket_.async_write_some(
        asio::const_buffer(output.data() + sent_, output.size() - sent_),
        [self = shared_from_this()](const error_code& error, std::size_t count) { self->on_sent(error, count); });
    return false;
}

void Http1Session::on_sent(const error_code& error, std::size_t count) {
    is_sending_ = false;
    if (stage_ == Stage::closed) return;
    if (error) return close();
    sent_ += count;
    // A client that takes some of a long answer is slow, not gone: flush() gives it the time again.
    if (flush()) proceed();
}

}  // namespace cvstroom::http
