#include "tests/wire/running_sandbox.hpp"

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

namespace cvstroom::test {

RunningSandbox::RunningSandbox(std::vector<std::string> options) : options_(std::move(options)) {
    start();
}

RunningSandbox::~RunningSandbox() {
    if (process_ > 0) stop();
}

std::string RunningSandbox::read(const std::string& file) {
    std::ifstream input(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(input), {}};
    while (file.ends_with(".key") && !text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

void RunningSandbox::start() {
    const std::string log_file = (folder_ / "log").string();
    std::ofstream(log_file, std::ios::trunc).flush();
    std::vector<std::string> words = {CVSTROOM_PROGRAM, "sandbox",     "--folder",         folder(),
                                      "--listen",       "127.0.0.1:0", "--administration", "127.0.0.1:0"};
    words.insert(words.end(), options_.begin(), options_.end());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    process_ = fork();
    if (process_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves no server behind
        const int file = open(log_file.c_str(), O_WRONLY | O_APPEND);
        dup2(file, STDERR_FILENO);
        dup2(file, STDOUT_FILENO);
        execv(CVSTROOM_PROGRAM, arguments.data());
        _exit(127);
    }
    for (int tries = 0; tries < 1200; ++tries) {
        const std::string text = log();
        unsigned port = 0;
        unsigned administration = 0;
        const auto partners = text.find("The sandbox is up on https://localhost:");
        const auto provider = text.find("/beheer/v1/");
        if (text.find("Ctrl-C") != std::string::npos && provider != std::string::npos &&
            std::sscanf(text.c_str() + partners, "The sandbox is up on https://localhost:%u", &port) == 1 &&
            std::sscanf(text.c_str() + text.rfind(':', provider), ":%u", &administration) == 1) {
            port_ = static_cast<std::uint16_t>(port);
            administration_port_ = static_cast<std::uint16_t>(administration);
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    throw std::runtime_error("the sandbox does not come up: " + log());
}

int RunningSandbox::stop() {
    kill(process_, SIGTERM);
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace cvstroom::test
