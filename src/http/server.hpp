// The HTTPS listener: TLS 1.2 and 1.3, HTTP/1.1 with keep-alive and pipelining, limits on everything a client sends,
// one thread a core, each with its own event loop; a connection lives on one of them (no locks on the way of a
// request).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "http/message.hpp"

namespace cvstroom::http {

struct Limits {
    std::size_t header_bytes = 16 * 1024;  // fields, and the request line but for its target: 431
    std::size_t path_bytes = 4 * 1024;     // 414
    // Path and query: 414. Far more than a resource takes, which can then tell what of the query is too long.
    std::size_t target_bytes = 128 * 1024;
    std::size_t body_bytes = 1024 * 1024;  // 413
    std::size_t connections = 10'000;      // more are closed at once
    std::chrono::milliseconds handshake_time{10'000};
    std::chrono::milliseconds request_time{15'000};  // from a request's first byte to its last: 408
    std::chrono::milliseconds idle_time{75'000};     // between requests: closed without a word
    std::chrono::milliseconds write_time{30'000};    // a client that does not read its answer: closed
    std::chrono::milliseconds piece_time{120'000};   // a client that takes a streamed body's piece too slowly: closed
};

struct ServerConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8443;                // 0: any free one, see Server::port()
    std::filesystem::path certificate_chain;  // PEM
    std::filesystem::path private_key;        // PEM
    unsigned threads = 0;                     // 0: one a core, each on its own
    Limits limits;
};

// Plain HTTP on the TLS port is answered with one 426 in plain text that names https, then closed: never data (SPEC 1).
// HTTP/1.0 is served without keep-alive; other versions get 505. `Expect: 100-continue` is honoured.
// The listener writes Content-Length, Date, Connection and Strict-Transport-Security. HEAD gets GET's fields without
// its body. A handler that throws is answered with 500 and logged; the server goes on.
class Server {
  public:
    // Binds and listens, so that port() is known and errors (port taken, certificate unreadable) come back here;
    // no request is served before start().
    static Result<std::unique_ptr<Server>> listen(ServerConfig config, Handler& handler);
    virtual ~Server() = default;

    virtual void start() = 0;
    // Stops accepting, finishes the requests under way (at most `patience`), closes, and joins the threads. Idempotent.
    virtual void stop(std::chrono::milliseconds patience) = 0;
    virtual std::uint16_t port() const = 0;
};

}  // namespace cvstroom::http
