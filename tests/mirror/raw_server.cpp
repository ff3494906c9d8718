#include "tests/mirror/raw_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <stdexcept>

#include "base/text.hpp"
#include "http/self_signed.hpp"

namespace cvstroom::test {
namespace {

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            plain += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

RawRequest parse_head(std::string_view head) {
    RawRequest request;
    const auto lines = split(head, '\n');
    const auto parts = split(trim(lines[0]), ' ');
    request.method = parts[0];
    const auto target = parts.at(1);
    const auto mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string_view::npos) {
        for (const auto pair : split(target.substr(mark + 1), '&')) {
            const auto equals = pair.find('=');
            request.query[std::string(pair.substr(0, equals))] =
                equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1));
        }
    }
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto colon = lines[i].find(':');
        if (colon == std::string_view::npos) continue;
        std::string name(lines[i].substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
        std::string value(trim(lines[i].substr(colon + 1)));
        std::erase(value, '\r');
        request.fields[name] = value;
    }
    return request;
}

}  // namespace

RawAnswer whole_answer(unsigned status, const std::string& body, std::vector<std::string> fields,
                       const std::string& type) {
    std::string head = "HTTP/1.1 " + std::to_string(status) + " Some Reason\r\nContent-Type: " + type + "\r\n";
    for (const auto& field : fields) head += field + "\r\n";
    return {head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body, false};
}

RawServer::RawServer(Handler handler) : handler_(std::move(handler)) {
    std::signal(SIGPIPE, SIG_IGN);
    const auto certificate = folder_ / "certificate.pem";
    const auto key = folder_ / "key.pem";
    if (!http::write_self_signed(certificate, key, 2)) throw std::runtime_error("no certificate");
    context_ = http::make_tls_context(certificate, key).value();
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 64) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
    is_ending_ = true;
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
        const std::lock_guard lock(mutex_);
        for (const int each : sockets_) shutdown(each, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
    close(listener_);
}

void RawServer::accept_all() {
    while (!is_ending_) {
        const int accepted = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (accepted < 0) continue;
        const int on = 1;
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const std::lock_guard lock(mutex_);
        sockets_.push_back(accepted);
        threads_.emplace_back([this, accepted] { serve(accepted); });
    }
}

bool RawServer::read_request(SSL* ssl, std::string& buffer, RawRequest& request) const {
    char piece[16384];
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
        const int count = SSL_read(ssl, piece, sizeof piece);
        if (count <= 0) return false;
        buffer.append(piece, static_cast<std::size_t>(count));
    }
    request = parse_head(std::string_view(buffer).substr(0, end));
    buffer.erase(0, end + 4);
    const std::size_t length =
        request.fields.contains("content-length") ? std::stoul(request.fields["content-length"]) : 0;
    while (buffer.size() < length) {
        const int count = SSL_read(ssl, piece, sizeof piece);
        if (count <= 0) return false;
        buffer.append(piece, static_cast<std::size_t>(count));
    }
    request.body = buffer.substr(0, length);
    buffer.erase(0, length);
    return true;
}

void RawServer::serve(int socket) {
    struct Free {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };
    {
        const std::unique_ptr<SSL, Free> ssl(SSL_new(context_.get()));
        SSL_set_fd(ssl.get(), socket);
        std::string buffer;
        RawRequest request;
        bool is_open = SSL_accept(ssl.get()) == 1;
        while (is_open && read_request(ssl.get(), buffer, request)) {
            const auto answer = handler_(request);
            is_open = answer.bytes.empty() ||
                      SSL_write(ssl.get(), answer.bytes.data(), static_cast<int>(answer.bytes.size())) > 0;
            is_open = is_open && !answer.closes;
        }
        SSL_shutdown(ssl.get());
    }
    const std::lock_guard lock(mutex_);
    sockets_.erase(std::find(sockets_.begin(), sockets_.end(), socket));
    close(socket);
}

}  // namespace cvstroom::test
