// The CVs that the API's original description shows: its seven search results, two of them with their documents.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace cvstroom::sandbox {

// Reads data/seed_candidates.ndjson: 8 documents (the seven that the search for studies=MAE5AHH and
// gewensteRegios=BE231A finds, and 30dbfef1-…), completed with fictional values where the description masks or elides
// them, in an order such that, loaded one after the other, the search answers the seven as the description does, newest
// first.
Result<std::vector<std::string>> load_seed_candidates(const std::filesystem::path& data);

}  // namespace cvstroom::sandbox
