// A network that fails: a TCP relay on 127.0.0.1 that cuts connections in the middle, or takes none for a while.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

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
    void accept_all();
    void relay(int client, int server, std::uint64_t allowance);
    std::uint64_t draw_allowance();

    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<std::uint16_t> upstream_{0};
    std::atomic<bool> is_cutting_{true};
    std::atomic<bool> is_stopping_{false};
    std::atomic<std::uint64_t> cuts_{0};
    std::atomic<std::uint64_t> generation_{0};  // rises with each cut_all()
    std::mt19937_64 random_;                    // of the accepting thread
    std::mutex mutex_;
    std::vector<std::thread> relays_;
    std::thread acceptor_;
};

}  // namespace cvstroom::test
