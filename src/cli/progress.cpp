#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace cvstroom::cli {
namespace {

constexpr int bar_width = 30;
constexpr auto redraw_interval = std::chrono::milliseconds{100};

std::string bar(double part) {
    const int filled = static_cast<int>(part * bar_width);
    return std::string(static_cast<std::size_t>(filled), '#') +
           std::string(static_cast<std::size_t>(bar_width - filled), '.');
}

}  // namespace

Progress::Progress(std::string what, std::string unit, std::uint64_t total, std::uint64_t done_before)
    : what_(std::move(what)),
      unit_(std::move(unit)),
      total_(total),
      done_before_(done_before),
      is_terminal_(isatty(STDERR_FILENO) == 1),
      started_(std::chrono::steady_clock::now()),
      next_line_(done_before + total / 10) {}

double Progress::seconds(Time now) const {
    return std::max(1e-6, std::chrono::duration<double>(now - started_).count());
}

double Progress::rate(std::uint64_t done, Time now) const {
    return static_cast<double>(done - std::min(done, done_before_)) / seconds(now);
}

void Progress::update(std::uint64_t done) {
    const auto now = std::chrono::steady_clock::now();
    if (is_terminal_) {
        if (now - drawn_ < redraw_interval) return;
    } else {
        if (total_ == 0 || done < next_line_ || done >= total_) return;
        next_line_ = done + total_ / 10;
    }
    drawn_ = now;
    draw(done, now);
}

void Progress::draw(std::uint64_t done, Time now) {
    const double rate = this->rate(done, now);
    std::string line;
    if (total_ == 0) {
        line = fmt::format("{} {} {}, {:.0f}/s", what_, done, unit_, rate);
    } else {
        const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
        const double left = rate > 0 ? static_cast<double>(total_ - std::min(done, total_)) / rate : 0;
        line = fmt::format("{} [{}] {:3.0f}%  {} of {} {}, {:.0f}/s, {:.0f} s left", what_, bar(part), part * 100, done,
                           total_, unit_, rate, left);
    }
    fmt::print(stderr, "{}{}{}", is_terminal_ ? "\r" : "", line, is_terminal_ ? "\x1b[K" : "\n");
    std::fflush(stderr);
}

void Progress::finish(std::uint64_t done) {
    const auto now = std::chrono::steady_clock::now();
    fmt::print(stderr, "{}{}: {} {} in {:.1f} s ({:.0f}/s)\n", is_terminal_ ? "\r\x1b[K" : "", what_, done, unit_,
               seconds(now), rate(done, now));
}

}  // namespace cvstroom::cli
