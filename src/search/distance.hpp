// A radius around a postcode (SPEC 4: `postcode` and `straal`).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "reference/places.hpp"
#include "search/row_source.hpp"

namespace cvstroom::search {

// Around where, and how far. Without a radius nothing is dropped: the place is only what AFSTAND sorts by.
struct Around {
    reference::Postcode centre = 0;
    std::optional<std::uint32_t> kilometres;  // 1 to most_kilometres
    bool operator==(const Around&) const = default;
};

inline constexpr std::uint32_t most_kilometres = 300;  // further than Belgium is long

// The distance of every postcode from the centre, in metres; Places::unknown_distance where there is none.
using Distances = std::vector<std::uint32_t>;

// The rows within a radius, as a clause of a plan. A CV is where its postcode is.
class RadiusSource final : public RowSource {
  public:
    // `keeps_unknown`: also the CVs that state no known postcode (onbekend=mee).
    RadiusSource(const Distances& distances, std::uint32_t kilometres, bool keeps_unknown);

    Found add_sets(const index::Segment& segment, SourceSets& sets) const override;

  private:
    index::PlaceChoice inside_;
};

}  // namespace cvstroom::search
