// Makes segments: of new rows, and of the live rows of others.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "index/segment_writer.hpp"
#include "index/snapshot.hpp"

namespace cvstroom::index {

// Collects rows in log order and makes a segment of them. Used by one thread.
class SegmentBuilder {
  public:
    // `kind` may be null: then the segment has no extension.
    explicit SegmentBuilder(const ExtensionKind* kind = nullptr) : kind_(kind) {}

    void add(const RowData& row, const DocumentTerms& document);

    Row size() const { return writer_.size(); }
    // Leaves the builder empty. Pre: size() > 0.
    std::shared_ptr<const Segment> build() { return build(false); }
    // The same for a segment that is merged and then dropped: its extension may lack what searches need.
    std::shared_ptr<const Segment> build_for_merge() { return build(true); }

  private:
    std::shared_ptr<const Segment> build(bool is_for_merge);

    struct Member {
        CodeNumber code;
        RankedRow row;
    };

    const ExtensionKind* kind_;
    std::unique_ptr<ExtensionBuilder> extension_;
    SegmentWriter writer_;
    std::vector<Member> members_;
    CodeNumber codes_ = 0;  // greater than every code of members_
};

struct MergedSegment {
    std::shared_ptr<const Segment> segment;  // null when no row was alive
    std::vector<std::vector<Row>> moved;     // by part, by row: the row's new number, or dropped_row
};

// Makes one segment of the live rows of `parts`, which are neighbours, oldest first. Goes code by code, so it needs
// little memory beside what it makes.
MergedSegment merge_segments(std::span<const Part> parts, const ExtensionKind* kind);

}  // namespace cvstroom::index
