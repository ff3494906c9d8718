// Requests and responses as plain values. Handlers see these and nothing of the transport: HTTP/1.1 and, later,
// HTTP/2 carry the same values.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/executor.hpp"

namespace cvstroom::http {

// Why an answer that is still awaited is not worth waiting for any longer.
enum class GivenUp {
    client_left,   // it closed, or ended its sending: a reply goes nowhere, drop it
    server_stops,  // reply with what there is, now
};

// How a handler that answers late learns that it must not wait any longer.
class Waiting {
  public:
    virtual ~Waiting() = default;
    // To be called inside handle() only, at most once. The callback comes at most once, on the connection's thread, and
    // only while no reply has been delivered.
    virtual void on_give_up(std::function<void(GivenUp)> callback) = 0;
};

// A view of one request. All views stay valid until the reply has been given.
struct Request {
    std::string_view method;  // "GET"
    std::string_view path;    // "/services/openservices/v1/kandidaten", as sent (percent-encoded)
    std::string_view query;   // what stands after '?', as sent; empty when there is none
    std::string_view body;
    std::string_view remote;  // the peer's address, for logs
    // In the order received, names as sent; compare with equal_ignoring_case (RFC 9110 §5.1).
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    Waiting* waiting = nullptr;  // valid inside handle(); null where nobody can tell (a test without a transport)
    // The connection's thread: a reply that is given there costs no change of threads. Null without a transport.
    Executor* executor = nullptr;

    // The field's value, trimmed; several fields of that name are NOT joined: the first one counts. Empty when absent.
    std::string_view field(std::string_view name) const;
    bool has_field(std::string_view name) const;
};

// A body that is owned by the response, or shared with a cache (never changed once shared).
using Body = std::variant<std::string, std::shared_ptr<const std::string>>;
std::string_view view(const Body& body);

// A body that is made while it is sent, so that a long one takes no more memory than a piece of it: the transport asks
// for the next piece only when the socket has taken the one before.
class BodySource {
  public:
    struct Piece {
        std::string bytes;     // may be empty
        bool is_last = false;  // nothing comes after it
        bool is_broken =
            false;  // it cannot go on: the connection is cut, so that the client sees that it is incomplete
    };
    using Taker = std::function<void(Piece)>;

    virtual ~BodySource() = default;
    // Makes the next piece and gives it to `take`, exactly once, from any thread, at once or later; must not block for
    // long. Not called again before the piece was given, nor after the last one.
    virtual void next(Taker take) = 0;
};

struct Request;
struct Response;

// Gives the answer; called exactly once, from any thread, at once or later. Dropping every copy uncalled answers 500.
using Reply = std::function<void(Response)>;

struct Response {
    unsigned status = 200;
    // Names are literals or otherwise outlive the response. Content-Length, Date and Connection are the listener's to
    // add.
    std::vector<std::pair<std::string_view, std::string>> fields;
    Body body;
    // Instead of `body`. Sent in chunks; to a client of HTTP/1.0 until the connection closes.
    std::shared_ptr<BodySource> source;
    // Instead of all: the answer comes later. A resource returns this to its door, which calls it with the reply; the
    // fields set here are added to the answer. Never reaches the transport.
    std::function<void(const Request&, Reply)> later;

    Response& set(std::string_view name, std::string value);  // replaces a field of that name
    std::string_view field(std::string_view name) const;      // empty when absent
};

// Handles requests; called concurrently from all of a listener's threads. Must not block for long.
class Handler {
  public:
    virtual ~Handler() = default;
    virtual void handle(const Request& request, Reply reply) = 0;
    // Requests of the same flow share their loop's time; between flows it is dealt out fairly. Asked before handle(), and
    // cheap. 0: everybody of whom nothing is known.
    virtual std::uint64_t flow_of(const Request&) { return 0; }
    // The answer to a request that never became one (bytes that are no HTTP, limits passed): the transport gives the
    // status and an English reason, the handler the body in the project's form (SPEC 1).
    virtual Response refuse(unsigned status, std::string_view reason) = 0;
};

}  // namespace cvstroom::http
