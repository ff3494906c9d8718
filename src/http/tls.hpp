// TLS for a server, apart from any socket: ciphertext goes in and comes out as bytes in memory.
// That leaves the listener free to put many records into one write, and costs no copy beyond OpenSSL's own.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cvstroom::http {

struct FreeTlsContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTlsContext>;

// TLS 1.2 and 1.3 with forward secrecy only; no compression, no renegotiation, no early data; ALPN "http/1.1".
// The errors name the file that cannot be read or does not fit the other.
Result<TlsContext> make_tls_context(const std::filesystem::path& certificate_chain,
                                    const std::filesystem::path& private_key);

// The server's end of one connection. One thread at a time.
class TlsStream {
  public:
    enum class Status {
        done,
        want_input,  // nothing more can be said before more ciphertext has come
        closed,      // the peer has said that it sends no more
        failed,      // no TLS, or broken; output() may hold the alert to send
    };

    explicit TlsStream(SSL_CTX& context);
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;

    // Where to put ciphertext from the peer; what was put there before must have been used up (Status::want_input).
    std::span<char> input_space() { return input_; }
    void received(std::size_t count);
    // The ciphertext that has been received and not yet used.
    std::string_view input() const { return {input_.data() + input_begin_, input_end_ - input_begin_}; }

    // What is to be sent to the peer; the caller removes what it has sent.
    std::string& output() { return output_; }

    Status handshake();
    // Decrypts at most to.size() bytes; `count` is set with Status::done.
    Status read(std::span<char> to, std::size_t& count);
    // Is there anything to read()? Takes nothing: done when there is.
    Status peek();
    // Encrypts all of it into output(). False when the connection is broken.
    bool write(std::string_view plain);
    // Tells the peer that nothing more will be sent.
    void shut_down();

  private:
    friend struct MemoryBio;

    struct FreeSsl {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };

    Status status_of(int result);

    // Small requests fit many times over; a record of an upload takes two turns.
    std::array<char, 8192> input_;
    std::size_t input_begin_ = 0;
    std::size_t input_end_ = 0;
    std::string output_;
    std::unique_ptr<SSL, FreeSsl> ssl_;
};

}  // namespace cvstroom::http
