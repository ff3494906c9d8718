#include "index/place_rows.hpp"

#include <algorithm>

namespace cvstroom::index {

// A counting sort by postcode.
PlaceRows::PlaceRows(std::span<const Postcode> postcodes) {
    if (postcodes.empty()) return;
    const std::size_t places = *std::max_element(postcodes.begin(), postcodes.end()) + std::size_t{1};
    std::vector<Row> begins(places + 1, 0);
    for (const Postcode postcode : postcodes) ++begins[postcode + std::size_t{1}];
    for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
    auto next = begins;
    std::vector<Row> sorted(postcodes.size());
    for (Row row = 0; row < postcodes.size(); ++row) sorted[next[postcodes[row]]++] = row;

    places_.resize(places);
    for (std::size_t postcode = 0; postcode < places; ++postcode) {
        const auto rows = std::span(sorted).subspan(begins[postcode], begins[postcode + 1] - begins[postcode]);
        places_[postcode] = {static_cast<std::uint32_t>(rows.size()), static_cast<std::uint32_t>(lists_.size())};
        if (!rows.empty()) RowList::write(rows, lists_);
    }
    lists_.shrink_to_fit();
}

RowsView PlaceRows::rows_at(Postcode postcode) const {
    if (postcode >= places_.size() || places_[postcode].rows == 0) return {};
    return RowsView::of_list(RowList(lists_.data() + places_[postcode].offset), places_[postcode].rows);
}

}  // namespace cvstroom::index
