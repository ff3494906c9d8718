// How many matches have each value of a criterion (SPEC 4, `facetten`).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/parameter.hpp"
#include "index/dictionary.hpp"
#include "index/snapshot.hpp"
#include "search/criteria.hpp"
#include "search/plan.hpp"

namespace cvstroom::search {

inline constexpr std::size_t most_facets = 5;
inline constexpr std::size_t most_facet_values = 50;  // of one facet, in an answer

// Takes the parameter `facetten`: names of criteria on codes, between commas or repeated.
class FacetParser {
  public:
    void take(const Parameter& parameter, std::vector<ParameterIssue>& issues);
    const std::vector<index::Dimension>& dimensions() const { return dimensions_; }

  private:
    bool add(std::string_view name, const Parameter& parameter, std::vector<ParameterIssue>& issues);

    std::vector<index::Dimension> dimensions_;
    bool is_full_ = false;
};

struct FacetValue {
    std::string code;
    std::uint64_t count = 0;  // matches that have the code, whatever its rank; for a region also what lies inside it
    bool operator==(const FacetValue&) const = default;
};

struct Facet {
    std::vector<FacetValue> values;  // most frequent first, equals by code; at most most_facet_values
    std::uint64_t distinct = 0;      // values that at least one match has
    std::uint64_t silent = 0;        // matches that say nothing about it
};

// The criteria without the facet's own: its values are counted as if it had not been asked for.
Criteria without_own(const Criteria& criteria, index::Dimension dimension);

// `plan` is of without_own(). Exact. O(codes of the dimension * matches' size, at most). Thread-safe.
Facet count_facet(index::Dimension dimension, const Plan& plan, const index::Snapshot& snapshot,
                  const index::Dictionary& dictionary);

}  // namespace cvstroom::search
