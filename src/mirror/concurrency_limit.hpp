// How many requests to have under way: additive increase, multiplicative decrease (AIMD, as TCP does).
#pragma once

#include <algorithm>
#include <cstddef>

namespace cvstroom::mirror {

// The limit grows by about one for every limit's worth of answers, and halves when the server says that it is too much
// (429, 503, a timeout). Of a burst of such answers only the first halves it: the others were sent before it was known.
class ConcurrencyLimit {
  public:
    explicit ConcurrencyLimit(std::size_t most, double start = 4)
        : most_(static_cast<double>(most)), limit_(std::min(start, most_)) {}

    std::size_t current() const { return static_cast<std::size_t>(limit_); }

    void on_success() {
        if (answers_to_ignore_ > 0) --answers_to_ignore_;
        limit_ = std::min(most_, limit_ + 1 / limit_);
    }
    // `under_way`: requests sent and not answered, this one not counted.
    void on_congestion(std::size_t under_way) {
        if (answers_to_ignore_ > 0) {
            --answers_to_ignore_;
            return;
        }
        limit_ = std::max(1.0, limit_ / 2);
        answers_to_ignore_ = under_way;
    }

  private:
    double most_;
    double limit_;
    std::size_t answers_to_ignore_ = 0;
};

}  // namespace cvstroom::mirror
