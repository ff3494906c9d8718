#include "sandbox/places.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "sandbox/fragments.hpp"

namespace cvstroom::sandbox {
namespace {

const std::string municipality_file = "gemeenten.tsv";

// Who uses a Flemish public employment service: percent of the CVs from each territory.
constexpr std::array<std::uint64_t, 3> territory_share = {75, 10, 15};
// A municipality's own locality is home to more people than one of its villages.
constexpr int main_locality_copies = 4;
// A degree of longitude is shorter than one of latitude at 51° north.
constexpr double longitude_scale = 0.63;

Territory territory_of(std::string_view nuts) {
    if (nuts.starts_with("BE1")) return Territory::brussels;
    return nuts.starts_with("BE2") ? Territory::flanders : Territory::wallonia;
}

// The inhabitants' centre of gravity.
struct Centre {
    double weight = 0;
    double latitude = 0;
    double longitude = 0;
};

class PlaceLoader {
  public:
    PlaceLoader(DataFolder& data, Places& places) : data_(data), places_(places) {}

    void load() {
        read_region_names();
        read_municipalities();
        read_localities();
        read_streets();
        if (data_.error()) return;
        weigh_municipalities();
        order_neighbours();
    }

  private:
    void read_region_names() {
        const auto table = data_.read("regions.tsv", {"code", "label_nl"});
        for (std::size_t row = 0; row < table.rows(); ++row) {
            std::string_view label = table.cell(row, "label_nl");
            for (const std::string_view prefix : {"Regio ", "Arrondissement "}) {
                if (label.starts_with(prefix)) label.remove_prefix(prefix.size());
            }
            region_names_.emplace(table.cell(row, "code"), json_text(label));
        }
    }

    std::size_t region_at(const std::string& code) {
        const auto [found, is_new] = region_positions_.emplace(code, places_.regions.size());
        if (!is_new) return found->second;
        const auto name = region_names_.find(code);
        data_.need(name != region_names_.end(), municipality_file, "regions that stand in regions.tsv");
        if (name != region_names_.end()) places_.regions.push_back({code, code.substr(0, 4), name->second, {}});
        centres_.emplace_back();
        places_.in_region.emplace_back();
        return found->second;
    }

    void read_municipalities() {
        const auto table = data_.read(municipality_file, {"nis_code", "nuts2", "regio_code", "inwoners", "lat", "lon"});
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const std::size_t region = region_at(std::string(table.cell(row, "regio_code")));
            const auto inhabitants = data_.whole_number(municipality_file, table.cell(row, "inwoners"));
            const auto weight = static_cast<double>(inhabitants);
            centres_[region].weight += weight;
            centres_[region].latitude += weight * data_.decimal_number(municipality_file, table.cell(row, "lat"));
            centres_[region].longitude += weight * data_.decimal_number(municipality_file, table.cell(row, "lon"));
            places_.in_region[region].push_back(places_.municipalities.size());
            municipality_positions_.emplace(table.cell(row, "nis_code"), places_.municipalities.size());
            places_.municipalities.push_back({region, territory_of(table.cell(row, "nuts2")), {}});
            inhabitants_.push_back(inhabitants);
        }
    }

    void read_localities() {
        const std::string file = "postcodes.tsv";
        const auto table = data_.read(file, {"postcode", "hoofdgemeente", "nis_code", "gemeente_wire"});
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const auto found = municipality_positions_.find(std::string(table.cell(row, "nis_code")));
            data_.need(found != municipality_positions_.end(), file, "municipalities that stand in gemeenten.tsv");
            if (data_.error()) return;
            std::string end = R"("postcode":"BE-)" + json_text(table.cell(row, "postcode")) + R"(","gemeente":")" +
                              json_text(table.cell(row, "gemeente_wire")) + R"(","land":"BE"})";
            const int copies = table.cell(row, "hoofdgemeente") == "1" ? main_locality_copies : 1;
            auto& ends = places_.municipalities[found->second].address_ends;
            ends.insert(ends.end(), static_cast<std::size_t>(copies), end);
        }
        for (const auto& municipality : places_.municipalities) {
            data_.need(!municipality.address_ends.empty(), file, "a postcode for every municipality");
        }
    }

    void read_streets() {
        const std::string file = "straatnamen.tsv";
        const auto table = data_.read(file, {"naam", "taal"});
        for (std::size_t row = 0; row < table.rows(); ++row) {
            auto& streets = table.cell(row, "taal") == "fr" ? places_.french_streets : places_.dutch_streets;
            streets.push_back(json_text(table.cell(row, "naam")));
        }
        data_.need(!places_.french_streets.empty() && !places_.dutch_streets.empty(), file, "Dutch and French streets");
    }

    void weigh_municipalities() {
        constexpr std::uint64_t precision = 1'000'000;
        std::array<std::uint64_t, 3> totals{};
        const auto territory = [&](std::size_t i) {
            return static_cast<std::size_t>(places_.municipalities[i].territory);
        };
        for (std::size_t i = 0; i < inhabitants_.size(); ++i) totals[territory(i)] += inhabitants_[i];
        std::vector<std::uint64_t> weights;
        for (std::size_t i = 0; i < inhabitants_.size(); ++i) {
            const std::uint64_t total = std::max<std::uint64_t>(totals[territory(i)], 1);
            weights.push_back(inhabitants_[i] * territory_share[territory(i)] * precision / total);
        }
        places_.by_inhabitants = AliasTable(weights);
    }

    double distance(std::size_t a, std::size_t b) const {
        const auto middle = [](const Centre& centre) {
            return std::pair(centre.latitude / centre.weight, longitude_scale * centre.longitude / centre.weight);
        };
        const auto [north, east] = middle(centres_[a]);
        const auto [other_north, other_east] = middle(centres_[b]);
        return (north - other_north) * (north - other_north) + (east - other_east) * (east - other_east);
    }

    void order_neighbours() {
        for (std::size_t i = 0; i < places_.regions.size(); ++i) {
            auto& near = places_.regions[i].near;
            near.resize(places_.regions.size());
            std::iota(near.begin(), near.end(), std::size_t{0});
            std::ranges::stable_sort(near, {}, [&](std::size_t other) { return distance(i, other); });
            near.erase(near.begin());  // itself
        }
    }

    DataFolder& data_;
    Places& places_;
    std::unordered_map<std::string, std::string> region_names_;
    std::unordered_map<std::string, std::size_t> region_positions_;
    std::unordered_map<std::string, std::size_t> municipality_positions_;
    std::vector<Centre> centres_;
    std::vector<std::uint64_t> inhabitants_;
};

}  // namespace

Places Places::load(DataFolder& data) {
    Places places;
    PlaceLoader(data, places).load();
    return places;
}

}  // namespace cvstroom::sandbox
