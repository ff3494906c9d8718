// What a reader sees of the index: a fixed set of segments, each with its dead rows, up to one position in the log.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "index/dead_rows.hpp"
#include "index/segment.hpp"

namespace cvstroom::index {

struct Part {
    std::shared_ptr<const Segment> segment;
    std::shared_ptr<const DeadRows> dead;  // rows that a later change superseded; never null
    // Erasures (SPEC 2: VERWIJDERD) of CVs that have rows here: those rows are dead, but their ids and codes stand in
    // the segment until it is merged or rewritten (Index::purge).
    std::uint32_t erasures = 0;
    Row live() const { return segment->size() - dead->size(); }
};

// Immutable; holding it keeps it, blocks nobody, and costs the memory of what has been merged away since.
struct Snapshot {
    std::vector<Part> parts;   // oldest first: rows stand in log order across parts too
    store::Seq watermark = 0;  // the log has been applied up to and including this entry

    struct Place {
        std::size_t part;
        Row row;
    };
    // Where the published version of the CV is; nothing when there is none.
    std::optional<Place> find(const Uuid& cv) const;
    std::uint64_t live() const;
};

}  // namespace cvstroom::index
