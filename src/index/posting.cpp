#include "index/posting.hpp"

#include <algorithm>

namespace cvstroom::index {

void RowList::write(std::span<const Row> ascending, std::vector<std::uint16_t>& units) {
    const auto put = [&units](std::uint32_t value) {
        units.push_back(static_cast<std::uint16_t>(value));
        units.push_back(static_cast<std::uint16_t>(value >> 16U));
    };
    std::vector<std::uint32_t> ends;
    std::vector<std::uint16_t> keys;
    for (std::uint32_t i = 0; i < ascending.size(); ++i) {
        const auto key = static_cast<std::uint16_t>(ascending[i] >> 16U);
        if (keys.empty() || keys.back() != key) {
            keys.push_back(key);
            ends.push_back(i);
        }
        ends.back() = i + 1;
    }
    put(static_cast<std::uint32_t>(keys.size()));
    units.insert(units.end(), keys.begin(), keys.end());
    for (const auto end : ends) put(end);
    for (const Row row : ascending) units.push_back(static_cast<std::uint16_t>(row));
}

bool RowList::is_sound(std::span<const std::uint16_t> units, std::uint32_t rows, Row segment_size) {
    if (units.size() < 2) return false;
    const std::uint64_t containers = read(units.data());
    if (containers > container_rows || 2 + 3 * containers > units.size()) return false;
    const RowList list(units.data());
    if (list.size() != rows || 2 + 3 * containers + rows > units.size()) return false;
    std::uint32_t begin = 0;
    for (std::uint32_t container = 0; container < containers; ++container) {
        const std::uint32_t end = list.end(container);
        if (end <= begin || end > rows) return false;
        if (container > 0 && list.key(container) <= list.key(container - 1)) return false;
        const auto* values = list.values();
        if (std::adjacent_find(values + begin, values + end, std::greater_equal<>()) != values + end) return false;
        if ((static_cast<Row>(list.key(container)) << 16U | values[end - 1]) >= segment_size) return false;
        begin = end;
    }
    return true;
}

bool RowsView::contains(Row row) const {
    if (words_ != nullptr) return (words_[row / word_bits] >> (row % word_bits)) & 1U;
    const auto container = list_.find(static_cast<std::uint16_t>(row >> 16U));
    if (container == list_.containers()) return false;
    const auto* first = list_.values() + list_.begin(container);
    const auto* last = list_.values() + list_.end(container);
    const auto* found = std::lower_bound(first, last, static_cast<std::uint16_t>(row));
    if (found == last || *found != static_cast<std::uint16_t>(row)) return false;
    return ranks_ == nullptr || ranks_[found - list_.values()] >= least_;
}

}  // namespace cvstroom::index
