// 'cvstroom mirror' as a torture knows it: it follows, is killed at any moment, and is started again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/mirror/mirror_process.hpp"

namespace cvstroom::test {

class RealMirror {
  public:
    // `port`: where it finds the API. `more`: further arguments, such as a profile.
    RealMirror(std::string name, const RunningProgram& program, std::uint16_t port, std::vector<std::string> more);

    void kill_and_restart();
    // Stops following, and makes one pass that must end well. Empty, or what went wrong.
    std::string finish();

    const std::string& name() const { return name_; }
    Copy documents() const { return read_sqlite_copy((folder_ / "copy.db").string()); }

  private:
    void start();

    const std::string name_;
    const TemporaryFolder folder_;
    std::vector<std::string> arguments_;
    std::unique_ptr<MirrorProcess> process_;
};

}  // namespace cvstroom::test
