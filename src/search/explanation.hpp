// Why a CV is among the results (SPEC 4, `uitleg`): which criterion found what, and where in the document.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "candidate/facts.hpp"
#include "reference/reference.hpp"
#include "search/criteria.hpp"

namespace cvstroom::search {

// One thing found. For example talen, "N:2", "/competenties/3", "N:3"; or trefwoord, "managers",
// "/ervaringen/0/functieTitel", "Manager".
struct Finding {
    std::string_view criterion;  // its name on the wire
    std::string asked;           // the value or word that was asked for; empty when any would have done
    std::string pointer;         // where it stands (RFC 6901); empty when the CV says nothing (onbekend=mee)
    std::string found;           // what stands there
    bool operator==(const Finding&) const = default;
};

// At most this many places for each word or value: the first ones.
inline constexpr std::size_t most_places = 3;

// Of a document that matches. The reading is that of the document itself: no index takes part.
// Thread-safe. O(words of the document).
std::vector<Finding> explain(const Criteria& criteria, const candidate::Facts& facts,
                             const reference::ReferenceData& lists);

// Whether the document's texts match the query, by reading them: for single documents that stand in no index.
bool matches(const TextQuery& query, const candidate::Facts& facts);

}  // namespace cvstroom::search
