#include "tests/torture/real_mirror.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

namespace cvstroom::test {

RealMirror::RealMirror(std::string name, const RunningProgram& program, std::uint16_t port,
                       std::vector<std::string> more)
    : name_(std::move(name)) {
    std::ofstream(folder_ / "key") << program.key() << '\n';
    std::filesystem::permissions(folder_ / "key", std::filesystem::perms::owner_read);
    const auto certificate = std::filesystem::path(program.database()).parent_path() / "certificate.pem";
    arguments_ = {"--from",     "https://127.0.0.1:" + std::to_string(port),
                  "--ca-file",  certificate.string(),
                  "--key-file", (folder_ / "key").string(),
                  "--to",       "sqlite:" + (folder_ / "copy.db").string()};
    arguments_.insert(arguments_.end(), more.begin(), more.end());
    start();
}

void RealMirror::start() {
    auto following = arguments_;
    following.insert(following.end(), {"--follow", "--interval", "1"});
    process_ = std::make_unique<MirrorProcess>(folder_, following);
}

void RealMirror::kill_and_restart() {
    process_.reset();  // with SIGKILL
    start();
}

std::string RealMirror::finish() {
    process_.reset();
    // The seed's profile reads up to the API's own Date, which has whole seconds and is a quarter of a second old at most:
    // what was written in the current second belongs to the next pass.
    std::this_thread::sleep_for(std::chrono::seconds{2});
    const auto outcome = run_mirror(folder_, arguments_);
    if (outcome.code == 0) return {};
    return "its last pass ended with " + std::to_string(outcome.code) + ": " + outcome.output;
}

}  // namespace cvstroom::test
