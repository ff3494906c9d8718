#include "tests/wire/tls_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <thread>

#include "base/text.hpp"

namespace cvstroom::test {
namespace {

[[noreturn]] void fail_with(const std::string& what) {
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

void set_timeouts(int socket, std::chrono::milliseconds patience) {
    timeval time{};
    time.tv_sec = patience.count() / 1000;
    time.tv_usec = (patience.count() % 1000) * 1000;
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

WireResponse parse_head(std::string_view head) {
    WireResponse response;
    const auto lines = split(head, '\n');
    if (!lines[0].starts_with("HTTP/1.1 ")) throw std::runtime_error("no status line: " + std::string(head));
    response.status = static_cast<unsigned>(parse_unsigned(lines[0].substr(9, 3)).value_or(0));
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const std::string_view line = lines[i].substr(0, lines[i].find('\r'));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        response.fields.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
    }
    return response;
}

}  // namespace

std::string WireResponse::field(std::string_view name) const {
    for (const auto& [key, value] : fields) {
        if (equal_ignoring_case(key, name)) return value;
    }
    return {};
}

bool WireResponse::has_field(std::string_view name) const {
    return std::any_of(fields.begin(), fields.end(),
                       [&](const auto& field) { return equal_ignoring_case(field.first, name); });
}

PlainClient::PlainClient(std::uint16_t port, std::chrono::milliseconds patience, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    // OpenSSL writes to the socket without MSG_NOSIGNAL, and these tests write to closed ones on purpose.
    std::signal(SIGPIPE, SIG_IGN);
    if (socket_ < 0) fail_with("socket");
    set_timeouts(socket_, patience);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (receive_buffer > 0) {
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const int cause = errno;
        ::close(socket_);
        errno = cause;
        fail_with("connect");
    }
}

PlainClient::~PlainClient() {
    if (socket_ >= 0) ::close(socket_);
}

void PlainClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) fail_with("send");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::string PlainClient::read_until_close() {
    std::string all;
    char piece[4096];
    while (true) {
        const ssize_t count = ::recv(socket_, piece, sizeof piece, 0);
        if (count == 0 || (count < 0 && errno == ECONNRESET)) return all;
        if (count < 0) fail_with("the server did not close in time");
        all.append(piece, static_cast<std::size_t>(count));
    }
}

void PlainClient::shut_down_sending() {
    ::shutdown(socket_, SHUT_WR);
}

void PlainClient::reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
}

TlsClient::TlsClient(std::uint16_t port, const TlsOptions& options)
    : connection_(port, options.patience, options.receive_buffer), context_(SSL_CTX_new(TLS_client_method())) {
    // Old versions need the old security level, or the client itself would refuse to try them.
    if (options.most_version != 0 && options.most_version < TLS1_2_VERSION) {
        SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
    }
    SSL_CTX_set_min_proto_version(context_.get(), options.least_version);
    SSL_CTX_set_max_proto_version(context_.get(), options.most_version);
    ssl_.reset(SSL_new(context_.get()));
    if (!options.protocols.empty()) {
        SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(options.protocols.data()),
                            static_cast<unsigned>(options.protocols.size()));
    }
    SSL_set_fd(ssl_.get(), connection_.socket());
    ERR_clear_error();
    if (SSL_connect(ssl_.get()) == 1) return;
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    throw std::runtime_error(std::string("handshake: ") + (reason == nullptr ? "connection closed" : reason));
}

void TlsClient::send(std::string_view bytes) {
    ERR_clear_error();
    std::size_t written = 0;
    if (bytes.empty() || SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written) == 1) return;
    throw std::runtime_error("the connection is closed for writing");
}

void TlsClient::send_slowly(std::string_view bytes, std::size_t size, std::chrono::milliseconds pause) {
    while (!bytes.empty()) {
        send(bytes.substr(0, size));
        bytes.remove_prefix(std::min(size, bytes.size()));
        std::this_thread::sleep_for(pause);
    }
}

std::string TlsClient::read_some(std::size_t most) {
    if (!buffer_.empty()) {
        std::string bytes = buffer_.substr(0, most);
        buffer_.erase(0, bytes.size());
        return bytes;
    }
    std::string bytes(most, '\0');
    ERR_clear_error();
    errno = 0;
    const int count = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (count <= 0) {
        const bool is_late = errno == EAGAIN && SSL_get_error(ssl_.get(), count) == SSL_ERROR_WANT_READ;
        if (is_late) throw std::runtime_error("the server neither answered nor closed in time");
        return {};
    }
    bytes.resize(static_cast<std::size_t>(count));
    return bytes;
}

WireResponse TlsClient::read_response(bool is_head) {
    std::string bytes;
    std::size_t end = std::string::npos;
    while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
        const std::string piece = read_some(16 * 1024);
        if (piece.empty()) throw std::runtime_error("closed before a whole response: '" + bytes + "'");
        bytes += piece;
    }
    WireResponse response = parse_head(std::string_view(bytes).substr(0, end + 2));
    bytes.erase(0, end + 4);
    if (!is_head && response.field("Transfer-Encoding") == "chunked") {
        buffer_.insert(0, bytes);
        while (read_chunk(response.body)) {
        }
        return response;
    }
    const std::size_t length = is_head ? 0 : parse_unsigned(response.field("Content-Length")).value_or(0);
    while (bytes.size() < length) {
        const std::string piece = read_some(16 * 1024);
        if (piece.empty()) throw std::runtime_error("closed in the middle of a body");
        bytes += piece;
    }
    response.body = bytes.substr(0, length);
    buffer_.insert(0, bytes.substr(length));
    return response;
}

std::string TlsClient::read_line() {
    std::string line;
    while (!line.ends_with("\r\n")) {
        const std::string byte = read_some(1);
        if (byte.empty()) throw std::runtime_error("closed in the middle of a chunked body");
        line += byte;
    }
    return line.substr(0, line.size() - 2);
}

bool TlsClient::read_chunk(std::string& body) {
    const std::size_t size = std::stoul(read_line(), nullptr, 16);
    for (std::size_t left = size; left > 0;) {
        const std::string piece = read_some(std::min<std::size_t>(left, 16 * 1024));
        if (piece.empty()) throw std::runtime_error("closed in the middle of a chunk");
        body += piece;
        left -= piece.size();
    }
    if (!read_line().empty()) throw std::runtime_error("a chunk does not end where it says");
    return size != 0;
}

WireResponse TlsClient::request(std::string_view bytes) {
    send(bytes);
    return read_response(bytes.starts_with("HEAD "));
}

std::string TlsClient::read_until_close() {
    std::string all;
    for (std::string piece = read_some(16 * 1024); !piece.empty(); piece = read_some(16 * 1024)) all += piece;
    return all;
}

void TlsClient::shut_down_sending() {
    SSL_shutdown(ssl_.get());
    connection_.shut_down_sending();
}

std::string TlsClient::protocol() const {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &length);
    return name == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(name), length);
}

}  // namespace cvstroom::test
