// A segment: an immutable part of the index, for a run of published versions in log order (DESIGN 3).
//
// It stands in one block of memory, which is also its saved form: see segment_layout.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "base/uuid.hpp"
#include "index/dictionary.hpp"
#include "index/extension.hpp"
#include "index/memory_block.hpp"
#include "index/packed_column.hpp"
#include "index/place_rows.hpp"
#include "index/posting.hpp"
#include "index/segment_layout.hpp"
#include "store/store.hpp"

namespace cvstroom::index {

// What the index keeps of a version beside its terms.
struct RowData {
    Uuid cv;
    store::Seq seq{};
    Instant instant{};
    store::Version version{};
};

// What a document gives the index.
struct DocumentTerms {
    std::vector<TermKey> terms;  // ascending, without repetition
    Postcode postcode = 0;       // of the contact address, or else the official one
    std::string extension;       // what ExtensionKind::read made; empty without one

    void clear() {
        terms.clear();
        postcode = 0;
        extension.clear();
    }
};

// A member of a code's rows.
struct RankedRow {
    Row row;
    std::uint16_t rank;
};

// Immutable; shared freely between threads. Views of it are valid as long as it is.
class Segment {
  public:
    // Takes a block that SegmentWriter made, or one that was read from a file. corrupt when anything in it could lead a
    // reader out of bounds or astray.
    static Result<std::shared_ptr<const Segment>> open(MemoryBlock block, std::shared_ptr<const Extension> extension);

    Row size() const { return header_->rows; }
    store::Seq first_seq() const { return seqs_[0]; }
    store::Seq last_seq() const { return seqs_[size() - 1]; }

    const Uuid& id(Row row) const { return ids_[row]; }
    store::Seq seq(Row row) const { return seqs_[row]; }
    RowData row(Row row) const;
    // Appends what row() gives for each of `rows`; faster than one by one, as memory is waited for once for all.
    void append_rows(std::span<const Row> rows, std::vector<RowData>& out) const;
    Postcode postcode(Row row) const { return postcodes_[row]; }
    std::span<const Postcode> postcodes() const { return postcodes_; }
    // Empty in small segments: there a pass over postcodes() is as fast.
    const PlaceRows& places() const { return places_; }

    // What the index's ExtensionKind hung on this segment; null when the index has none.
    const Extension* extension() const { return extension_.get(); }

    // The CV's last row here, dead or alive. O(1).
    std::optional<Row> find(const Uuid& cv) const;

    // The first row with a seq >= `seq`; size() when there is none. O(log rows).
    Row lower_bound(store::Seq seq) const { return static_cast<Row>(seqs_.lower_bound(seq, size())); }

    // All codes that a row has, ascending.
    std::span<const CodeRecord> codes() const { return codes_; }

    // The record of a code; null when no row has it. O(1) in large segments, O(log codes) in small ones.
    const CodeRecord* find_code(CodeNumber code) const;

    // All rows that have the code.
    RowsView rows_of(const CodeRecord& code) const { return view(sets_[code.first_set]); }

    // How many rows have the code with at least this rank. O(log ranks).
    std::uint32_t count_at_least(const CodeRecord& code, std::uint16_t rank) const;

    // Appends the rows that have the code with at least this rank, as disjoint sets; most often one.
    void add_at_least(const CodeRecord& code, std::uint16_t rank, std::vector<RowsView>& sets) const;

    // Replaces `rows` by the rows that have the code, ascending, each with its greatest rank.
    void collect(const CodeRecord& code, std::vector<RankedRow>& rows) const;

    // Memory held, in bytes, by part: for planning (bench/) and metrics.
    std::size_t row_bytes() const;
    std::size_t posting_bytes() const;
    std::size_t bytes() const { return block_.size() + direct_codes_.size() * sizeof(std::uint32_t) + places_.bytes(); }

    // The saved form, without the extension.
    std::span<const std::byte> image() const { return block_.bytes(); }

  private:
    Segment() = default;
    template <typename T>
    std::span<const T> section(Section which) const;
    Result<void> map();
    bool has_sound_sections() const;
    bool has_sound_directory() const;
    bool has_sound_codes() const;
    bool is_sound(const CodeRecord& code) const;
    bool is_sound(const SetRecord& set) const;
    RowsView view(const SetRecord& set) const;

    MemoryBlock block_;
    const SegmentHeader* header_ = nullptr;
    std::span<const Uuid> ids_;
    std::span<const Row> directory_starts_;
    std::span<const Row> directory_rows_;
    PackedColumn seqs_;
    PackedColumn instants_;
    PackedColumn versions_;
    std::span<const Postcode> postcodes_;
    std::span<const CodeRecord> codes_;
    std::span<const SetRecord> sets_;
    std::span<const RankRecord> ranks_;
    std::span<const std::uint8_t> entry_ranks_;
    std::span<const std::uint16_t> lists_;
    std::span<const std::uint64_t> words_;
    std::vector<std::uint32_t> direct_codes_;  // by code: the position in codes_ and 1; empty in small segments
    PlaceRows places_;
    std::shared_ptr<const Extension> extension_;
};

// The bucket of a CV in a directory of so many buckets.
inline std::uint32_t directory_bucket(const Uuid& cv, std::uint32_t buckets) {
    const auto upper = static_cast<std::uint32_t>(std::uint64_t{UuidHash{}(cv)} >> 32U);
    return static_cast<std::uint32_t>((std::uint64_t{upper} * buckets) >> 32U);
}

}  // namespace cvstroom::index
