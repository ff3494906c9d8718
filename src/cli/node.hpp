// One running node: a store, the index that follows it, and the two listeners.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "feed/retention.hpp"
#include "http/server.hpp"

namespace cvstroom::cli {

struct NodeConfig {
    std::filesystem::path database;
    std::filesystem::path index_folder;  // where the index is saved; empty: beside the database
    std::filesystem::path resources;
    std::filesystem::path certificate;
    std::filesystem::path private_key;
    std::string address = "127.0.0.1";
    std::uint16_t port = 8443;
    std::string administration_address = "127.0.0.1";
    std::uint16_t administration_port = 8444;
    unsigned threads = 0;  // 0: one a core
    std::uint64_t cache_megabytes = 256;
    std::filesystem::path audit_folder;      // empty: beside the database
    std::string audit_durability = "group";  // group, async, none (see audit/recorder.hpp)
    std::uint64_t audit_file_megabytes = 256;
    feed::Retention retention;
    bool is_sandbox = false;  // with the doors that only a sandbox has (api/faulty_door.hpp)
};

// Splits "address:port"; an IPv6 address stands in brackets. invalid_input otherwise.
Result<void> parse_endpoint(const std::string& text, std::string& address, std::uint16_t& port);

class Node {
  public:
    // Opens the store, binds both listeners and builds the index (with a progress bar). The provider's listener serves
    // from the beginning; partners wait for start().
    static Result<std::unique_ptr<Node>> open(const NodeConfig& config);
    virtual ~Node() = default;

    virtual void start() = 0;
    virtual void stop() = 0;
    virtual std::uint16_t port() const = 0;
    virtual std::uint16_t administration_port() const = 0;
};

// Keeps SIGINT and SIGTERM for wait_for_stop_signal(). Call before any thread is started.
void block_stop_signals();
void wait_for_stop_signal();

}  // namespace cvstroom::cli
