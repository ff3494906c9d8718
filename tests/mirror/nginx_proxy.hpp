// nginx before a running program, as providers have it: TLS and HTTP/2 towards the partner, HTTP/1.1 behind it.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include "tests/support/temporary_folder.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom::test {

// Throws when it does not come up, with what nginx said.
class NginxProxy {
  public:
    explicit NginxProxy(const RunningProgram& program) {
        if (std::system("command -v nginx >/dev/null || test -x /usr/sbin/nginx") != 0) {
            throw std::runtime_error("nginx is not installed: run scripts/setup build test");
        }
        for (int tries = 0; tries < 5; ++tries) {  // somebody may take the port between two steps
            port_ = free_port();
            write_configuration(program);
            if (run("") == 0) return;
        }
        throw std::runtime_error("nginx does not come up: " + read("error.log"));
    }
    ~NginxProxy() { run("-s stop"); }
    NginxProxy(const NginxProxy&) = delete;
    NginxProxy& operator=(const NginxProxy&) = delete;

    std::string url() const { return "https://localhost:" + std::to_string(port_); }
    // A line a request: its protocol, the number of its connection, its method and what it asked for.
    std::string requests() const { return read("requests.log"); }

  private:
    static std::uint16_t free_port() {
        const int socket_ = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        const bool is_bound = bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                              getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
        close(socket_);
        if (!is_bound) throw std::runtime_error("there is no free port");
        return ntohs(address.sin_port);
    }
    void write_configuration(const RunningProgram& program) const {
        const auto folder = folder_.path().string();
        const auto certificates = std::filesystem::path(program.database()).parent_path().string();
        std::string temporary;
        for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
            temporary += std::string(kind) + "_temp_path " + folder + "/" + kind + ";\n";
        std::ofstream(folder_ / "nginx.conf")
            << "master_process off;\npid " << folder << "/pid;\nevents {}\nhttp {\n"
            << temporary << "log_format plain '$server_protocol $connection $request_method $request_uri';\n"
            << "access_log " << folder << "/requests.log plain;\n"
            << "server {\nlisten 127.0.0.1:" << port_ << " ssl http2;\nssl_certificate " << certificates
            << "/certificate.pem;\nssl_certificate_key " << certificates
            << "/key.pem;\nlocation / {\nproxy_pass https://"
            << "127.0.0.1:" << program.port() << ";\nproxy_http_version 1.1;\nproxy_set_header Connection \"\";\n"
            << "proxy_buffering off;\n}\n}\n}\n";
    }
    int run(const std::string& options) const {
        const auto folder = folder_.path().string();
        return std::system(("PATH=$PATH:/usr/sbin nginx -c " + folder + "/nginx.conf -e " + folder + "/error.log " +
                            options + " >/dev/null 2>&1")
                               .c_str());
    }
    std::string read(const std::string& name) const {
        std::ifstream input(folder_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(input), {}};
    }

    TemporaryFolder folder_;
    std::uint16_t port_ = 0;
};

}  // namespace cvstroom::test
