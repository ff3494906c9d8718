// Takes a client's bytes and gives its requests, one after the other, or the reason why they are none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/chunked_decoder.hpp"
#include "http/message.hpp"
#include "http/server.hpp"

namespace cvstroom::http {

// Why a request is not served, and with which status that is said.
struct Refusal {
    unsigned status = 400;
    std::string_view reason;  // a literal
};

// One connection's reader. One thread at a time. Beast reads the header's grammar; this class adds the limits and what
// RFC 9112 leaves to a careful server: whatever two parties could understand in two ways is refused (request
// smuggling).
class RequestReader {
  public:
    enum class State {
        need_more,
        want_continue,  // the client waits for "100 Continue" before it sends the body; said once a request
        complete,       // request() is valid until next()
        refused,        // refusal() says why; the reader cannot go on
    };

    // `limits` and `remote` must outlive the reader.
    RequestReader(const Limits& limits, std::string_view remote);

    // Where to put the bytes that come next, then how many they were. The space moves with every call.
    std::span<char> space();
    void received(std::size_t count);

    // Goes as far as the received bytes allow.
    State read();
    // Has any byte of a request come that is not complete?
    bool has_begun() const { return begin_ != end_; }

    // `waiting` is what the handler may ask to be told by, `executor` the connection's thread.
    const Request& request(Waiting& waiting, Executor& executor) {
        request_.waiting = &waiting;
        request_.executor = &executor;
        return request_;
    }
    const Request& request() const { return request_; }
    const Refusal& refusal() const { return refusal_; }
    bool is_head() const { return request_.method == "HEAD"; }
    bool keeps_alive() const { return keeps_alive_; }
    bool speaks_http11() const { return speaks_http11_; }

    // Forgets the request; bytes that came after it stay.
    void next();

  private:
    class HeaderParser;

    // Places in the buffer, relative to the request's first byte, because the buffer may move while a body comes in.
    struct Place {
        std::size_t begin = 0;
        std::size_t size = 0;
    };

    char* first() { return buffer_.data() + begin_; }
    std::string_view text(Place place) { return {first() + place.begin, place.size}; }
    State refuse(unsigned status, std::string_view reason);
    void skip_empty_lines();
    bool find_header_end();
    std::size_t target_size(std::size_t size);
    std::optional<Refusal> refusal_of_length(std::size_t size);
    State read_header();
    State read_body();
    void begin_body(const HeaderParser& parser);
    State read_chunks();
    State await_body();
    State complete();
    void set_target(std::string_view target);

    const Limits& limits_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;         // the current request's first byte
    std::size_t end_ = 0;           // behind the last byte received
    std::size_t line_begin_ = 0;    // relative to begin_: the header line that is being searched for its end
    std::size_t searched_ = 0;      // relative to begin_: no line end before this
    std::size_t target_begin_ = 0;  // relative to begin_; 0: not looked for yet, which only a long header needs
    std::size_t target_end_ = 0;    // so far
    bool is_target_whole_ = false;
    std::size_t header_size_ = 0;  // 0: the header is not complete
    std::size_t consumed_ = 0;     // relative to begin_: behind the last byte that has been read
    bool keeps_alive_ = false;
    bool speaks_http11_ = false;
    std::size_t body_left_ = 0;  // of a body whose length is known
    std::optional<ChunkedDecoder> chunks_;
    Place method_;
    Place target_;
    std::vector<std::pair<Place, Place>> fields_;
    std::string body_;
    Request request_;
    Refusal refusal_;
};

}  // namespace cvstroom::http
