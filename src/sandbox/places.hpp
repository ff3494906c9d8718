// Where people live and where they want to work.
#pragma once

#include <string>
#include <vector>

#include "sandbox/alias_table.hpp"
#include "sandbox/data_folder.hpp"

namespace cvstroom::sandbox {

enum class Territory { flanders, brussels, wallonia };

// A region that municipalities lie in: the smallest one that a person can wish for.
struct Region {
    std::string code;               // "BE231A"
    std::string province;           // "BE23"; "BE1" for Brussels
    std::string name;               // "Aalst", as JSON text
    std::vector<std::size_t> near;  // positions of the other regions, nearest first
};

struct Municipality {
    std::size_t region;
    Territory territory;
    // Ends of addresses, as JSON: from postcode to land, and the closing brace. The main one stands in several times.
    std::vector<std::string> address_ends;
};

// Immutable once loaded.
struct Places {
    std::vector<Region> regions;
    std::vector<Municipality> municipalities;
    AliasTable by_inhabitants;                        // of municipalities
    std::vector<std::vector<std::size_t>> in_region;  // municipalities of each region
    std::vector<std::string> dutch_streets;           // JSON text
    std::vector<std::string> french_streets;

    static Places load(DataFolder& data);
};

}  // namespace cvstroom::sandbox
