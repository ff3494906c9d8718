#include "index/snapshot.hpp"

namespace cvstroom::index {

// Newest part first. A CV's newest row decides: when that one is dead, the CV is not published any more.
std::optional<Snapshot::Place> Snapshot::find(const Uuid& cv) const {
    for (std::size_t part = parts.size(); part-- > 0;) {
        const auto row = parts[part].segment->find(cv);
        if (!row) continue;
        if (parts[part].dead->contains(*row)) return std::nullopt;
        return Place{part, *row};
    }
    return std::nullopt;
}

std::uint64_t Snapshot::live() const {
    std::uint64_t count = 0;
    for (const auto& part : parts) count += part.live();
    return count;
}

}  // namespace cvstroom::index
