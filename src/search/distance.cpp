#include "search/distance.hpp"

namespace cvstroom::search {

RadiusSource::RadiusSource(const Distances& distances, std::uint32_t kilometres, bool keeps_unknown) {
    const std::uint32_t most = kilometres * 1000;
    for (std::size_t postcode = 0; postcode < distances.size(); ++postcode) {
        const bool is_known = distances[postcode] != reference::Places::unknown_distance;
        if (is_known ? distances[postcode] <= most : keeps_unknown) {
            inside_.add(static_cast<index::Postcode>(postcode));
        }
    }
}

RowSource::Found RadiusSource::add_sets(const index::Segment& segment, SourceSets& sets) const {
    auto& places = sets.make_places();
    places.set(segment.postcodes(), segment.places(), inside_);
    if (places.size() == 0) return Found::nothing;
    sets.begin_clause();
    sets.add(RowSet(places));
    return Found::exact;
}

}  // namespace cvstroom::search
