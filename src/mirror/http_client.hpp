// HTTPS requests, many at a time on few connections: libcurl's multi interface, HTTP/2 where the server offers it, else
// HTTP/1.1 with keep-alive. Knows nothing of CVs, keys or retries.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cvstroom::mirror {

struct HttpRequest {
    std::string method = "GET";
    std::string url;
    std::vector<std::string> fields;  // "Name: value"
    std::string body;
    // The whole request, unless a body is streamed; then the time without any byte.
    std::chrono::milliseconds patience{60'000};
    // Takes the body piece by piece as it comes, decoded, when the answer is a 200 of this type; false stops the
    // request. The pieces do not stand in HttpResponse::body then.
    std::string streamed_type;
    std::function<bool(std::string_view)> on_body;
};

struct HttpResponse {
    // 0: there is no whole answer, and `failure` says why (no connection, a cut body, a wrong length, a stop).
    unsigned status = 0;
    std::string failure;
    bool is_timeout = false;
    bool is_untrusted = false;  // the server's certificate was refused: asking again will not help
    std::string content_type;
    std::string retry_after;
    std::string date;
    std::string etag;
    std::string body;
    bool was_streamed = false;
};

struct HttpConfig {
    std::string ca_file;  // PEM; empty: the system's authorities
    std::size_t connections = 16;
    bool accepts_compression = true;
    // Set from elsewhere: requests under way are given up, later ones not begun.
    const std::atomic<bool>* stop = nullptr;
};

// One thread at a time.
class HttpClient {
  public:
    using Done = std::function<void(HttpResponse)>;

    static Result<std::unique_ptr<HttpClient>> open(HttpConfig config);
    virtual ~HttpClient() = default;

    // Sends it; `done` is called by a later run(), exactly once.
    virtual void start(HttpRequest request, Done done) = 0;
    // Lets things happen for at most `time`; returns after the first that did.
    virtual void run(std::chrono::milliseconds time) = 0;
    virtual std::size_t under_way() const = 0;
    // Sends it and waits for the answer.
    virtual HttpResponse perform(HttpRequest request) = 0;
    // Waits, unless stopped; false when stopped.
    virtual bool sleep(std::chrono::milliseconds time) = 0;
    virtual bool is_stopped() const = 0;
};

}  // namespace cvstroom::mirror
