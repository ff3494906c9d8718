// The rows of a segment by the place they are at, so that a circle on the map (SPEC 4, `straal`) costs as much as it
// holds. Made anew from the column of postcodes when a segment is opened: it is not saved.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/posting.hpp"

namespace cvstroom::index {

// The number in "BE-2800"; 0 for a CV without a Belgian postcode.
using Postcode = std::uint16_t;

// Immutable; thread-safe.
class PlaceRows {
  public:
    PlaceRows() = default;  // of no rows
    explicit PlaceRows(std::span<const Postcode> postcodes);

    // A view of this; no rows where there are none.
    RowsView rows_at(Postcode postcode) const;

    bool is_empty() const { return places_.empty(); }
    std::size_t bytes() const {
        return places_.capacity() * sizeof(Place) + lists_.capacity() * sizeof(std::uint16_t);
    }

  private:
    struct Place {
        std::uint32_t rows = 0;
        std::uint32_t offset = 0;  // in lists_
    };
    std::vector<Place> places_;         // by postcode
    std::vector<std::uint16_t> lists_;  // see RowList
};

}  // namespace cvstroom::index
