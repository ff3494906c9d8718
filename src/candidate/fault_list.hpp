// The faults found in one document, up to a limit.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "candidate/parse.hpp"

namespace cvstroom::candidate {

class FaultList {
  public:
    explicit FaultList(std::size_t most) : most_(most) {}

    // A message costs something to make (nearest codes are searched for): ask before making one that nobody will read.
    bool is_full() const { return faults_.size() >= most_; }
    void add(std::string pointer, std::string message);
    // A fault whose message was not made because the list is full.
    void count_one_more() { ++unlisted_; }

    bool empty() const { return faults_.empty() && unlisted_ == 0; }
    // The faults in the order found; when there were more than fit, a last one says how many.
    std::vector<Fault> take();

  private:
    std::size_t most_;
    std::size_t unlisted_ = 0;
    std::vector<Fault> faults_;
};

}  // namespace cvstroom::candidate
