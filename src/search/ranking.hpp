// Pages in another order than the newest first (SPEC 4, `sorteerveld`): by fitness, by distance.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "index/snapshot.hpp"
#include "search/distance.hpp"
#include "search/plan.hpp"
#include "search/text_match.hpp"

namespace cvstroom::search {

struct RankedRow {
    index::RowData row;
    float score = 0;                                     // RELEVANTIE
    std::optional<std::uint32_t> metres = std::nullopt;  // AFSTAND; nothing when the CV's place is not known
};

struct RankedPage {
    std::uint64_t total = 0;
    std::vector<RankedRow> rows;
};

// Best score first; of equals the newest. `text` is the plan's text query. Scores every match.
RankedPage run_by_relevance(const Plan& plan, const TextPlan& text, const index::Snapshot& snapshot,
                            std::uint64_t offset, std::uint32_t count);

// Nearest first; of equals the newest; last those of which the place is not known.
RankedPage run_by_distance(const Plan& plan, const Distances& distances, const index::Snapshot& snapshot,
                           std::uint64_t offset, std::uint32_t count);

}  // namespace cvstroom::search
