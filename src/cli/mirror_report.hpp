// Tells of a mirror at work: a progress bar and notes on standard error, or with --json events on standard output; and
// the metrics file.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "cli/progress.hpp"
#include "mirror/metrics.hpp"
#include "mirror/observer.hpp"

namespace cvstroom::cli {

class MirrorReport final : public mirror::Observer {
  public:
    struct Options {
        bool json = false;
        std::filesystem::path metrics_file;  // empty: none
    };
    explicit MirrorReport(Options options) : options_(std::move(options)) {}

    void on_phase(const mirror::State& state, std::uint64_t total) override;
    void on_commit(const mirror::State& state, const mirror::Applied& applied) override;
    void on_retry(const std::string& why, std::chrono::milliseconds wait) override;
    void on_note(const std::string& note) override;

    // The last word: what was done, and the metrics. `error` empty: it went well.
    void finish(mirror::Sink& sink, const mirror::Traffic& traffic, const std::string& error);

  private:
    void event(const std::string& name, const std::string& members);
    void finish_bar();
    void write_metrics(bool is_last);

    Options options_;
    std::mutex mutex_;
    std::unique_ptr<Progress> bar_;
    std::uint64_t done_ = 0;
    mirror::MirrorFigures figures_;
    std::chrono::steady_clock::time_point metrics_written_{};
};

}  // namespace cvstroom::cli
