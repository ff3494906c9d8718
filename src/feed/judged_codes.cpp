#include "feed/judged_codes.hpp"

#include <utility>

namespace cvstroom::feed {

JudgedCodes::Pointer JudgedCodes::find(store::Seq version) const {
    const std::lock_guard lock(mutex_);
    for (const auto* map : {&recent_, &older_}) {
        const auto found = map->find(version);
        if (found != map->end()) return found->second;
    }
    return nullptr;
}

void JudgedCodes::keep(store::Seq version, Pointer codes) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    if (now - begun_ >= judged_for / 2 || recent_.size() >= most) begin_anew(now);
    recent_.insert_or_assign(version, std::move(codes));
}

void JudgedCodes::expire(std::chrono::steady_clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (now - begun_ >= judged_for / 2) begin_anew(now);
}

// Two generations, each of half the time.
void JudgedCodes::begin_anew(std::chrono::steady_clock::time_point now) {
    const bool is_stale = now - begun_ >= judged_for;
    older_ = is_stale ? Map{} : std::move(recent_);
    recent_.clear();
    begun_ = now;
}

void JudgedCodes::clear() {
    const std::lock_guard lock(mutex_);
    recent_.clear();
    older_.clear();
}

}  // namespace cvstroom::feed
