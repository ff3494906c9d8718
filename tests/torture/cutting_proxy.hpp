// A network that fails: a TCP relay on 127.0.0.1 that cuts connections in the middle, or takes none for a while.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <random>
#include <thread>

namespace cvstroom::test {

// Thread-safe. One thread accepts, one relays each connection.
class CuttingProxy {
  public:
    explicit CuttingProxy(std::uint64_t seed);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    std::uint16_t port() const { return port_; }
    // Where new connections go; 0: nowhere, they are closed at once.
    void set_upstream(std::uint16_t port) { upstream_ = port; }
    // Each new connection is cut after a random number of bytes (up to a megabyte), or never.
    void set_cutting(bool is_cutting) { is_cutting_ = is_cutting; }
    // Cuts all that are open, with a reset.
    void cut_all();

    std::uint64_t cuts() const { return cuts_; }

  private:
    struct Relay {
        std::atomic<bool> is_over{false};
        std::thread thread;
    };

    void accept_all();
    void forget_those_over();
    void relay(int client, int server, std::uint64_t allowance);
    std::uint64_t draw_allowance();

    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<std::uint16_t> upstream_{0};
    std::atomic<bool> is_cutting_{true};
    std::atomic<bool> is_stopping_{false};
    std::atomic<std::uint64_t> cuts_{0};
    std::atomic<std::uint64_t> generation_{0};  // rises with each cut_all()
    std::mt19937_64 random_;                    // of the accepting thread, as is what follows
    std::list<Relay> relays_;
    std::thread acceptor_;
};

}  // namespace cvstroom::test
