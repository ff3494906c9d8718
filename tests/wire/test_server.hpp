// A listener with its own certificate in its own folder, for a test.
#pragma once

#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "http/self_signed.hpp"
#include "http/server.hpp"

namespace cvstroom::test {

class TestServer {
  public:
    explicit TestServer(http::Handler& handler, const http::Limits& limits = {}, unsigned threads = 2) {
        std::string name = (std::filesystem::temp_directory_path() / "cvstroom-wire-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder_ = name;
        http::ServerConfig config;
        config.port = 0;
        config.threads = threads;
        config.limits = limits;
        config.certificate_chain = folder_ / "certificate.pem";
        config.private_key = folder_ / "key.pem";
        const auto written = http::write_self_signed(config.certificate_chain, config.private_key, 2);
        if (!written) throw std::runtime_error(to_string(written.error()));
        auto server = http::Server::listen(config, handler);
        if (!server) throw std::runtime_error(to_string(server.error()));
        server_ = std::move(*server);
        server_->start();
    }
    ~TestServer() {
        server_->stop(std::chrono::milliseconds(0));
        std::filesystem::remove_all(folder_);
    }
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    std::uint16_t port() const { return server_->port(); }
    http::Server& server() { return *server_; }

  private:
    std::filesystem::path folder_;
    std::unique_ptr<http::Server> server_;
};

}  // namespace cvstroom::test
