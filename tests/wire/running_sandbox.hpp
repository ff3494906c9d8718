// A real 'cvstroom sandbox' with its keys, for the tests of one suite.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom::test {

// Makes the sandbox and serves it on free ports; stops it with SIGTERM at the end. Throws when it does not come up.
class RunningSandbox {
  public:
    // `options` are added to the command line ("--rate", "600").
    explicit RunningSandbox(std::vector<std::string> options);
    ~RunningSandbox();
    RunningSandbox(const RunningSandbox&) = delete;
    RunningSandbox& operator=(const RunningSandbox&) = delete;

    void start();
    int stop();  // the exit code

    std::uint16_t port() const { return port_; }
    std::uint16_t administration_port() const { return administration_port_; }
    std::string folder() const { return (folder_ / "sandbox").string(); }
    std::string database() const { return folder() + "/cv.db"; }
    std::string key() const { return read(folder() + "/partner.key"); }
    std::string administration_key() const { return read(folder() + "/administration.key"); }
    std::string log() const { return read((folder_ / "log").string()); }

    // One request of the partner; `path` with everything before it.
    WireResponse ask(const Ask& request) const { return test::ask(port_, key(), request); }
    WireResponse get(const std::string& path, std::vector<std::string> fields = {}) const {
        return ask({"GET", "/services/openservices/v1" + path, std::move(fields), ""});
    }

  private:
    static std::string read(const std::string& file);

    TemporaryFolder folder_;
    std::vector<std::string> options_;
    pid_t process_ = -1;
    std::uint16_t port_ = 0;
    std::uint16_t administration_port_ = 0;
};

}  // namespace cvstroom::test
