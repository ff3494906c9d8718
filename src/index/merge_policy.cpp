#include "index/merge_policy.hpp"

namespace cvstroom::index {
namespace {

constexpr std::uint64_t ratio = 4;

bool is_mostly_dead(const Part& part) {
    return part.segment->size() > 1024 && std::uint64_t{part.dead->size()} * 3 > part.segment->size();
}

}  // namespace

std::optional<MergeRun> choose_merge(const std::vector<Part>& parts) {
    if (parts.empty()) return std::nullopt;
    std::size_t first = parts.size() - 1;
    std::uint64_t newer = parts[first].live();
    while (first > 0 && parts[first - 1].live() <= ratio * newer) newer += parts[--first].live();
    if (parts.size() - first >= 2) return MergeRun{first, parts.size()};
    for (std::size_t part = 0; part < parts.size(); ++part) {
        if (is_mostly_dead(parts[part])) return MergeRun{part, part + 1};
    }
    return std::nullopt;
}

}  // namespace cvstroom::index
