#include "tests/wire/running_program.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "http/self_signed.hpp"
#include "partner/registry.hpp"
#include "reference/reference.hpp"
#include "store/bulk_load.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace cvstroom::test {
namespace {

using namespace std::chrono_literals;

void load(store::Store& store, const std::vector<std::string>& documents) {
    const auto lists = reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
    std::size_t next = 0;
    const auto summary = store::load_lines(
        store, [&] { return lists; },
        [&](std::string& line) {
            if (next == documents.size()) return false;
            line = documents[next++];
            return true;
        },
        [](const store::LineOutcome& outcome) {
            for (const auto& fault : outcome.faults) throw std::runtime_error(fault.pointer + ": " + fault.message);
        });
    if (!summary) throw std::runtime_error(to_string(summary.error()));
}

}  // namespace

RunningProgram::RunningProgram(const std::vector<std::string>& documents, std::vector<std::string> options)
    : options_(std::move(options)) {
    const SystemClock clock;
    const auto store = store::SqliteStore::open(database(), store::SqliteStore::Mode::create_if_missing, clock).value();
    load(*store, documents);
    partner::Registry registry(*store, clock);
    key_ = registry.issue("Test partner", "cv").value().secret;
    administration_key_ = registry.issue("Test provider", "beheer").value().secret;
    reference_key_ = registry.issue("Other partner", "referentie").value().secret;
    const auto signed_now = http::write_self_signed(folder_ / "certificate.pem", folder_ / "key.pem", 2);
    if (!signed_now) throw std::runtime_error(to_string(signed_now.error()));
    start();
}

RunningProgram::~RunningProgram() {
    if (process_ > 0) stop();
}

void RunningProgram::start() {
    const std::string log = (folder_ / "log").string();
    std::ofstream(log, std::ios::trunc).flush();
    std::vector<std::string> arguments{CVSTROOM_PROGRAM,   "serve",
                                       "--database",       database(),
                                       "--certificate",    (folder_ / "certificate.pem").string(),
                                       "--private-key",    (folder_ / "key.pem").string(),
                                       "--listen",         "127.0.0.1:0",
                                       "--administration", "127.0.0.1:0"};
    arguments.insert(arguments.end(), options_.begin(), options_.end());
    std::vector<char*> pointers;
    for (auto& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    process_ = fork();
    if (process_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves no server running
        const int file = open(log.c_str(), O_WRONLY | O_APPEND);
        dup2(file, STDERR_FILENO);
        dup2(file, STDOUT_FILENO);
        execv(CVSTROOM_PROGRAM, pointers.data());
        _exit(127);
    }
    wait_until_serving();
}

void RunningProgram::wait_until_serving() {
    for (int tries = 0; tries < 600; ++tries) {
        const std::string text = log();
        const auto at = text.find("serving partners on port ");
        unsigned port = 0;
        unsigned administration_port = 0;
        if (at != std::string::npos &&
            std::sscanf(text.c_str() + at, "serving partners on port %u, administration on port %u", &port,
                        &administration_port) == 2) {
            port_ = static_cast<std::uint16_t>(port);
            administration_port_ = static_cast<std::uint16_t>(administration_port);
            return;
        }
        std::this_thread::sleep_for(50ms);
    }
    throw std::runtime_error("the program does not come up: " + log());
}

std::string RunningProgram::log() const {
    std::ifstream input(folder_ / "log", std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

int RunningProgram::stop() {
    kill(process_, SIGTERM);
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void RunningProgram::kill_hard() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = -1;
}

std::string request_bytes(const std::string& key, const Ask& request) {
    std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\nHost: localhost\r\n";
    if (!key.empty()) bytes += "X-IBM-Client-Id: " + key + "\r\n";
    for (const auto& field : request.fields) bytes += field + "\r\n";
    if (!request.body.empty()) bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    return bytes + "\r\n" + request.body;
}

WireResponse ask(std::uint16_t port, const std::string& key, const Ask& request) {
    TlsClient client(port);
    client.send(request_bytes(key, request));
    return client.read_response(request.method == "HEAD");
}

}  // namespace cvstroom::test
