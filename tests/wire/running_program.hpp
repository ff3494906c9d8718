// The real program, serving a real database over real TLS, for the tests of one suite.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"
#include "tests/wire/tls_client.hpp"

namespace cvstroom::test {

// Starts 'cvstroom serve' on free ports, and stops it with SIGTERM at the end. Throws when it does not come up.
class RunningProgram {
  public:
    // `documents`: what the database holds at first, one JSON document each. `options`: more options for 'serve'.
    explicit RunningProgram(const std::vector<std::string>& documents, std::vector<std::string> options = {});
    ~RunningProgram();
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    std::uint16_t port() const { return port_; }
    std::uint16_t administration_port() const { return administration_port_; }
    const std::string& key() const { return key_; }
    const std::string& administration_key() const { return administration_key_; }
    const std::string& reference_key() const { return reference_key_; }  // of a partner without the product cv
    pid_t process() const { return process_; }
    std::string database() const { return (folder_ / "cv.db").string(); }

    // Stops the program and returns its exit code, and everything that it logged.
    int stop();
    std::string log() const;
    void start();
    void kill_hard();

  private:
    void wait_until_serving();

    TemporaryFolder folder_;
    std::vector<std::string> options_;
    std::string key_;
    std::string administration_key_;
    std::string reference_key_;
    pid_t process_ = -1;
    std::uint16_t port_ = 0;
    std::uint16_t administration_port_ = 0;
};

// One request on a connection of its own. `fields` are whole lines without their end.
struct Ask {
    std::string method = "GET";
    std::string target;
    std::vector<std::string> fields;
    std::string body;
};
WireResponse ask(std::uint16_t port, const std::string& key, const Ask& request);
std::string request_bytes(const std::string& key, const Ask& request);

}  // namespace cvstroom::test
