#include "candidate/fault_list.hpp"

#include <fmt/format.h>

namespace cvstroom::candidate {

void FaultList::add(std::string pointer, std::string message) {
    if (is_full()) return count_one_more();
    faults_.push_back({std::move(pointer), std::move(message)});
}

std::vector<Fault> FaultList::take() {
    if (unlisted_ != 0) {
        faults_.push_back({"", fmt::format("{} more faults are not listed; correct these first", unlisted_)});
    }
    return std::move(faults_);
}

}  // namespace cvstroom::candidate
