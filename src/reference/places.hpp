// Where the Belgian postcodes lie (data/postcodes.tsv), for searches within a distance.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "candidate/facts.hpp"

namespace cvstroom::reference {

using candidate::Postcode;

// One more than the greatest postcode: tables by postcode have this size.
inline constexpr std::size_t postcode_limit = 10'000;

// Immutable once loaded, thread-safe.
//
// A postcode is one point: the place of the municipality's own name where the postcode has one, else the middle of its
// places. Distances are over a sphere of the Earth's mean radius; a CV's distance is that of its postcode.
class Places {
  public:
    // invalid_input names file, line and reason; not_found a missing file.
    static Result<Places> load(const std::filesystem::path& folder);

    bool knows(Postcode postcode) const { return postcode < postcode_limit && points_[postcode].is_known; }

    // Nothing when one of them is not known. Kilometres.
    std::optional<double> distance(Postcode a, Postcode b) const;

    // The distance of every postcode to `centre`, by postcode, in metres; unknown_distance for those not known.
    // Pre: knows(centre).
    std::vector<std::uint32_t> distances(Postcode centre) const;
    static constexpr std::uint32_t unknown_distance = ~std::uint32_t{0};

  private:
    // On a sphere with radius 1.
    struct Point {
        double x = 0;
        double y = 0;
        double z = 0;
        bool is_known = false;
    };
    static double metres(const Point& a, const Point& b);

    std::vector<Point> points_ = std::vector<Point>(postcode_limit);
};

}  // namespace cvstroom::reference
