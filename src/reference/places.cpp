#include "reference/places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "base/text.hpp"
#include "reference/tsv.hpp"

namespace cvstroom::reference {
namespace {

constexpr double earth_radius_metres = 6'371'008.8;  // the mean radius of the IUGG

std::optional<double> parse_degrees(std::string_view text, double most) {
    double degrees = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), degrees);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (!(std::abs(degrees) <= most)) return std::nullopt;
    return degrees;
}

// The middle of the places of one postcode, as far as they have been read.
struct Middle {
    double latitude = 0;
    double longitude = 0;
    int count = 0;
    bool is_main = false;  // of the place that gives the municipality its name: the others no longer count

    void add(double lat, double lon, bool main) {
        if (is_main && !main) return;
        if (main && !is_main) *this = {0, 0, 0, true};
        latitude += lat;
        longitude += lon;
        ++count;
    }
};

}  // namespace

Result<Places> Places::load(const std::filesystem::path& folder) {
    const auto file = folder / "postcodes.tsv";
    const auto tsv = Tsv::read(file);
    if (!tsv) return tl::unexpected(tsv.error());
    std::vector<Middle> middles(postcode_limit);
    for (std::size_t row = 0; row < tsv->rows(); ++row) {
        const auto postcode = parse_unsigned(tsv->cell(row, "postcode"));
        const auto latitude = parse_degrees(tsv->cell(row, "lat"), 90);
        const auto longitude = parse_degrees(tsv->cell(row, "lon"), 180);
        if (!postcode || *postcode < 1000 || *postcode >= postcode_limit || !latitude || !longitude) {
            return fail(ErrorCode::invalid_input, "a place needs a postcode of four digits, and degrees in lat and lon",
                        fmt::format("{}:{}", file.string(), row + 2));
        }
        middles[*postcode].add(*latitude, *longitude, tsv->cell(row, "hoofdgemeente") == "1");
    }
    Places places;
    for (std::size_t postcode = 0; postcode < postcode_limit; ++postcode) {
        const Middle& middle = middles[postcode];
        if (middle.count == 0) continue;
        const double latitude = middle.latitude / middle.count * std::numbers::pi / 180;
        const double longitude = middle.longitude / middle.count * std::numbers::pi / 180;
        places.points_[postcode] = {std::cos(latitude) * std::cos(longitude), std::cos(latitude) * std::sin(longitude),
                                    std::sin(latitude), true};
    }
    return places;
}

// By the chord between the points, which is exact also for near ones.
double Places::metres(const Point& a, const Point& b) {
    const double chord = std::hypot(a.x - b.x, a.y - b.y, a.z - b.z);
    return 2 * earth_radius_metres * std::asin(std::min(1.0, chord / 2));
}

std::optional<double> Places::distance(Postcode a, Postcode b) const {
    if (!knows(a) || !knows(b)) return std::nullopt;
    return metres(points_[a], points_[b]) / 1000;
}

std::vector<std::uint32_t> Places::distances(Postcode centre) const {
    std::vector<std::uint32_t> all(postcode_limit, unknown_distance);
    for (std::size_t postcode = 0; postcode < postcode_limit; ++postcode) {
        if (!points_[postcode].is_known) continue;
        all[postcode] = static_cast<std::uint32_t>(std::lround(metres(points_[centre], points_[postcode])));
    }
    return all;
}

}  // namespace cvstroom::reference
