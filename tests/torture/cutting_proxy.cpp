#include "tests/torture/cutting_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace cvstroom::test {
namespace {

constexpr int poll_ms = 20;
constexpr std::uint64_t never = ~std::uint64_t{0};

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int connect_to(std::uint16_t port) {
    if (port == 0) return -1;
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port);
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return made;
    ::close(made);
    return -1;
}

void close_with_reset(int socket) {
    const linger at_once{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(socket);
}

bool send_all(int socket, const char* bytes, std::size_t count) {
    while (count > 0) {
        const auto sent = ::send(socket, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent;
        count -= static_cast<std::size_t>(sent);
    }
    return true;
}

}  // namespace

CuttingProxy::CuttingProxy(std::uint64_t seed) : random_(seed) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("the proxy cannot listen");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

CuttingProxy::~CuttingProxy() {
    is_stopping_ = true;
    acceptor_.join();
    for (auto& each : relays_) each.thread.join();
    ::close(listener_);
}

void CuttingProxy::cut_all() {
    ++generation_;
}

std::uint64_t CuttingProxy::draw_allowance() {
    if (!is_cutting_ || random_() % 3 == 0) return never;
    constexpr std::uint64_t reaches[] = {8'000, 80'000, 800'000};  // handshakes, answers, loads
    return random_() % reaches[random_() % 3];
}

void CuttingProxy::accept_all() {
    while (!is_stopping_) {
        forget_those_over();
        pollfd wait{listener_, POLLIN, 0};
        if (::poll(&wait, 1, poll_ms) <= 0) continue;
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) continue;
        const int server = connect_to(upstream_);
        if (server < 0) {
            close_with_reset(client);
            continue;
        }
        Relay& added = relays_.emplace_back();
        added.thread = std::thread([this, client, server, allowance = draw_allowance(), &added] {
            relay(client, server, allowance);
            added.is_over = true;
        });
    }
}

// A thread that is over and not joined keeps its stack: ten minutes of connections would be more than a process may
// map.
void CuttingProxy::forget_those_over() {
    for (auto each = relays_.begin(); each != relays_.end();) {
        if (!each->is_over) {
            ++each;
            continue;
        }
        each->thread.join();
        each = relays_.erase(each);
    }
}

void CuttingProxy::relay(int client, int server, std::uint64_t allowance) {
    const std::uint64_t generation = generation_;
    char bytes[16 * 1024];
    while (!is_stopping_) {
        if (generation != generation_ || allowance == 0) {
            ++cuts_;
            // A reset takes back what the client has not read yet; an end leaves it half an answer.
            if (allowance == 0) {
                ::close(client);
            } else {
                close_with_reset(client);
            }
            close_with_reset(server);
            return;
        }
        pollfd wait[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
        if (::poll(wait, 2, poll_ms) <= 0) continue;
        bool is_over = false;
        for (const auto& [from, to, ready] :
             {std::tuple{client, server, wait[0].revents}, std::tuple{server, client, wait[1].revents}}) {
            if (ready == 0 || is_over) continue;
            const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(allowance, sizeof bytes));
            const auto count = ::recv(from, bytes, room, 0);
            is_over = count <= 0 || !send_all(to, bytes, static_cast<std::size_t>(count));
            if (!is_over && allowance != never) allowance -= static_cast<std::uint64_t>(count);
            if (allowance == 0) break;
        }
        if (is_over) break;
    }
    ::close(client);
    ::close(server);
}

}  // namespace cvstroom::test
