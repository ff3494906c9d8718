// A real HTTPS server whose answers are raw bytes: it can cut a body, lie about its length, or close in the middle, as
// servers and proxies do. One thread a connection; HTTP/1.1 with keep-alive.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http/tls.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cvstroom::test {

struct RawRequest {
    std::string method;
    std::string path;
    std::map<std::string, std::string> query;   // decoded
    std::map<std::string, std::string> fields;  // names in lower case
    std::string body;
};

struct RawAnswer {
    std::string bytes;    // head and body, as they go out
    bool closes = false;  // the connection ends after them
};

// A whole answer with the right length. `fields`: whole lines without their end.
RawAnswer whole_answer(unsigned status, const std::string& body, std::vector<std::string> fields = {},
                       const std::string& type = "application/json");

class RawServer {
  public:
    using Handler = std::function<RawAnswer(const RawRequest&)>;  // called from many threads at once
    explicit RawServer(Handler handler);
    ~RawServer();
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    std::string url() const { return "https://localhost:" + std::to_string(port_); }
    std::string certificate() const { return (folder_ / "certificate.pem").string(); }

  private:
    void accept_all();
    void serve(int socket);
    bool read_request(SSL* ssl, std::string& buffer, RawRequest& request) const;

    TemporaryFolder folder_;
    Handler handler_;
    http::TlsContext context_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> is_ending_ = false;
    std::thread acceptor_;
    std::mutex mutex_;
    std::vector<std::thread> threads_;
    std::vector<int> sockets_;
};

}  // namespace cvstroom::test
