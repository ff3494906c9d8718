#include "sandbox/history.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "sandbox/fragments.hpp"

namespace cvstroom::sandbox {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using namespace std::chrono_literals;

// The day after the last on which a generated document is dated (draft.cpp). A day of the story is what a sandbox does
// in a day at its usual rate of 30 changes a minute: the documents must not depend on the clock.
constexpr sys_days first_day = 2026y / 11 / 1;
constexpr std::uint64_t steps_a_day = 43'200;

constexpr std::uint64_t history_salt = 0x6C65'7665'6E64'6967U;

}  // namespace

std::string_view name(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::edit:
            return "edit";
        case ChangeKind::withdraw:
            return "withdraw";
        case ChangeKind::publish:
            return "publish";
        case ChangeKind::erase:
            return "erase";
        case ChangeKind::add:
            return "add";
        case ChangeKind::bring_back:
            return "bring back";
    }
    return "";
}

History::History(const Generator& generator, std::uint64_t cvs, std::uint64_t seed)
    : generator_(generator), seed_(seed ^ history_salt), next_candidate_(cvs), published_(cvs) {
    std::iota(published_.begin(), published_.end(), std::uint64_t{0});
}

void History::skip(std::uint64_t steps) {
    for (; steps > 0; --steps) decide();
}

Step History::next() {
    const Decision decision = decide();
    Step step{taken_, decision.kind, generator_.id(decision.candidate), {}};
    const Revision& revision = revisions_[decision.candidate];
    if (decision.kind == ChangeKind::erase) {
        step.document = R"({"cvId":")" + step.cv.to_string() + R"(","status":"VERWIJDERD","wijzigingsDatum":")";
        append_date(step.document, *revision.changed_on);
        step.document += "\"}";
    } else {
        generator_.append(decision.candidate, revision, step.document);
    }
    return step;
}

// Everything that the next step depends on is decided here, and nothing is written: that makes skipping cheap.
History::Decision History::decide() {
    Random random(seed_, taken_++);
    const Decision decision = change_one(random);
    Revision& revision = revisions_[decision.candidate];
    revision.changed_on = first_day + days(static_cast<std::int64_t>(taken_ / steps_a_day));
    switch (decision.kind) {
        case ChangeKind::withdraw:
            revision.status = candidate::Status::closed;
            break;
        case ChangeKind::erase:
            revision.status = candidate::Status::erased;
            break;
        default:
            revision.status = candidate::Status::open;
            recent_[recent_count_++ % recent_.size()] = decision.candidate;
    }
    return decision;
}

History::Decision History::change_one(Random& random) {
    const std::size_t drawn = random.below(100);
    if (drawn < 74 && !published_.empty()) {
        const auto candidate = pick_published(random);
        edit(candidate, random);
        return {ChangeKind::edit, candidate};
    }
    if (drawn < 83 && !published_.empty()) {
        withdrawn_.push_back(take(published_, random));
        return {ChangeKind::withdraw, withdrawn_.back()};
    }
    if (drawn < 90 && !withdrawn_.empty()) {
        published_.push_back(take(withdrawn_, random));
        return {ChangeKind::publish, published_.back()};
    }
    if (drawn < 94) {
        auto& from = !withdrawn_.empty() && random.chance(30) ? withdrawn_ : published_;
        if (!from.empty()) {
            erased_.push_back(take(from, random));
            return {ChangeKind::erase, erased_.back()};
        }
    }
    if (drawn < 95 && !erased_.empty()) {
        published_.push_back(take(erased_, random));
        return {ChangeKind::bring_back, published_.back()};
    }
    published_.push_back(next_candidate_++);
    return {ChangeKind::add, published_.back()};
}

std::uint64_t History::pick_published(Random& random) {
    const std::size_t known = std::min(recent_count_, recent_.size());
    if (known > 0 && random.chance(20)) {
        const auto candidate = recent_[random.below(known)];
        if (revisions_[candidate].status == candidate::Status::open) return candidate;
    }
    return random.pick(published_);
}

std::uint64_t History::take(std::vector<std::uint64_t>& from, Random& random) {
    auto& place = from[random.below(from.size())];
    const auto candidate = std::exchange(place, from.back());
    from.pop_back();
    return candidate;
}

void History::edit(std::uint64_t candidate, Random& random) {
    Revision& revision = revisions_[candidate];
    const std::size_t drawn = random.below(100);
    if (drawn < 35) {
        ++revision.wishes;
    } else if (drawn < 60) {
        ++revision.levels;
    } else if (drawn < 85) {
        ++revision.jobs;
    } else {
        ++revision.moves;
    }
}

}  // namespace cvstroom::sandbox
