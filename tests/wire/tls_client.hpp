// A small blocking TLS client for tests: it can do what a well-behaved one cannot (send half a request, never read).
// Failures throw std::runtime_error, which GoogleTest reports as the test's failure.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvstroom::test {

struct WireResponse {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    std::string field(std::string_view name) const;  // empty when absent; names in either case
    bool has_field(std::string_view name) const;
};

// A TCP connection to 127.0.0.1 without TLS. Every read and write gives up after `patience`.
class PlainClient {
  public:
    explicit PlainClient(std::uint16_t port, std::chrono::milliseconds patience = std::chrono::seconds(20),
                         int receive_buffer = 0);
    PlainClient(PlainClient&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
    PlainClient& operator=(PlainClient&&) = delete;
    PlainClient(const PlainClient&) = delete;
    PlainClient& operator=(const PlainClient&) = delete;
    ~PlainClient();

    void send(std::string_view bytes);
    std::string read_until_close();
    void shut_down_sending();
    // Closes with a reset instead of a farewell, as a crashed client's kernel may.
    void reset();
    int socket() const { return socket_; }

  private:
    int socket_ = -1;
};

struct TlsOptions {
    int least_version = 0;  // TLS1_2_VERSION and so on; 0: any
    int most_version = 0;
    std::string protocols{};  // ALPN, in wire form ("\x08http/1.1"); empty: none offered
    std::chrono::milliseconds patience = std::chrono::seconds(20);
    int receive_buffer = 0;  // bytes; 0: the system's
};

class TlsClient {
  public:
    // Connects to 127.0.0.1 and shakes hands. The certificate is not checked: tests make their own.
    explicit TlsClient(std::uint16_t port, const TlsOptions& options = {});

    void send(std::string_view bytes);
    // In pieces of `size` bytes with a pause between them.
    void send_slowly(std::string_view bytes, std::size_t size, std::chrono::milliseconds pause);

    // One whole response, with a Content-Length, in chunks, or without a body; `is_head` says that no body follows.
    WireResponse read_response(bool is_head = false);
    // Appends one chunk of a chunked body; false for the last, empty one.
    bool read_chunk(std::string& body);
    // Sends, then reads one response.
    WireResponse request(std::string_view bytes);
    // All bytes until the server closes, in whichever way.
    std::string read_until_close();
    // At most `most` bytes, empty at the end.
    std::string read_some(std::size_t most);

    // Sends close_notify and closes the sending half; answers can still be read.
    void shut_down_sending();
    void reset() { connection_.reset(); }
    std::string version() const { return SSL_get_version(ssl_.get()); }
    std::string protocol() const;  // what ALPN agreed on; empty: nothing

  private:
    std::string read_line();

    struct Free {
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };

    PlainClient connection_;
    std::unique_ptr<SSL_CTX, Free> context_;
    std::unique_ptr<SSL, Free> ssl_;
    std::string buffer_;  // received and not yet given
};

}  // namespace cvstroom::test
