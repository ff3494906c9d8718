// A progress bar on standard error: redrawn in place on a terminal, a line every tenth part elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cvstroom::cli {

class Progress {
  public:
    // `what` stands before the bar ("loading"), `unit` after the numbers ("CVs"). A total of 0 means: not known.
    // `done_before`: of what an earlier run did, which says nothing about the rate.
    Progress(std::string what, std::string unit, std::uint64_t total, std::uint64_t done_before = 0);

    void update(std::uint64_t done);
    // Leaves a last line with the count, the time and the rate.
    void finish(std::uint64_t done);

  private:
    using Time = std::chrono::steady_clock::time_point;

    void draw(std::uint64_t done, Time now);
    double seconds(Time now) const;
    double rate(std::uint64_t done, Time now) const;

    std::string what_;
    std::string unit_;
    std::uint64_t total_;
    std::uint64_t done_before_;
    bool is_terminal_;
    Time started_;
    Time drawn_;
    std::uint64_t next_line_ = 0;
};

}  // namespace cvstroom::cli
