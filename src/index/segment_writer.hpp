// Puts a segment together: columns of rows, then the rows of each code, in one block.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "index/segment.hpp"

namespace cvstroom::index {

// A set is a bitset when more than one row in this many is in it. A bitset costs a bit for every row of the segment, so
// at this density 64 bits a member where the list has 16; a walk over single rows costs more time than it saves in
// memory from here on (bench/search).
inline constexpr std::size_t dense_ratio = 48;

// Used by one thread.
class SegmentWriter {
  public:
    // Adds a row, newer than all before it.
    void add_row(const RowData& row, Postcode postcode);
    Row size() const { return static_cast<Row>(ids_.size()); }

    // Adds the rows of a code, ascending, once all rows are there. Codes ascend.
    void add_code(CodeNumber code, std::span<const RankedRow> rows);

    // Pre: size() > 0.
    std::shared_ptr<const Segment> finish(std::shared_ptr<const Extension> extension);

  private:
    void add_set(std::span<const Row> rows, std::uint16_t rank, SetMeaning meaning);
    void add_ranks(std::span<const RankedRow> rows, CodeRecord& record);
    void add_entry_ranks(std::span<const RankedRow> rows, const CodeRecord& record);
    void add_levels(std::span<const RankedRow> rows, const CodeRecord& record);
    void make_directory();

    std::vector<Uuid> ids_;
    std::vector<std::uint64_t> seqs_;
    std::vector<std::uint64_t> instants_;
    std::vector<std::uint64_t> versions_;
    std::vector<Postcode> postcodes_;
    std::vector<Row> directory_starts_;
    std::vector<Row> directory_rows_;
    std::vector<CodeRecord> codes_;
    std::vector<SetRecord> sets_;
    std::vector<RankRecord> ranks_;
    std::vector<std::uint8_t> entry_ranks_;
    std::vector<std::uint16_t> lists_;
    std::vector<std::uint64_t> words_;
    std::vector<Row> members_;  // buffer
};

}  // namespace cvstroom::index
