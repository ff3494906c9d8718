// A segment: an immutable part of the index, for a run of published versions in log order (DESIGN 3).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "base/uuid.hpp"
#include "index/dictionary.hpp"
#include "index/extension.hpp"
#include "index/posting.hpp"
#include "store/store.hpp"

namespace cvstroom::index {

// What the index keeps of a version beside its terms.
struct RowData {
    Uuid cv;
    store::Seq seq{};
    Instant instant{};
    store::Version version{};
};

// The number in "BE-2800"; 0 for a CV without a Belgian postcode.
using Postcode = std::uint16_t;

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

// Immutable after building; shared freely between threads.
class Segment {
  public:
    Row size() const { return static_cast<Row>(ids_.size()); }
    store::Seq first_seq() const { return seqs_.front(); }
    store::Seq last_seq() const { return seqs_.back(); }

    const Uuid& id(Row row) const { return ids_[row]; }
    RowData row(Row row) const { return {ids_[row], seqs_[row], instants_[row], versions_[row]}; }

    Postcode postcode(Row row) const { return postcodes_[row]; }

    // What the index's ExtensionKind hung on this segment; null when the index has none.
    const Extension* extension() const { return extension_.get(); }

    // The CV's last row here. O(1).
    std::optional<Row> find(const Uuid& cv) const;

    // The first row with a seq >= `seq`; size() when there is none.
    Row lower_bound(store::Seq seq) const;

    // All terms, ascending, each with its rows.
    std::span<const TermKey> terms() const { return terms_; }
    const Posting& rows_of(std::size_t term) const { return postings_[term]; }
    // The position of the first term >= `key`; terms().size() when there is none. O(log terms).
    std::size_t lower_term(TermKey key) const;

    // Memory held, in bytes, by part: for planning (bench/) and metrics.
    std::size_t row_bytes() const;
    std::size_t posting_bytes() const;

  private:
    friend class SegmentBuilder;
    Segment() = default;
    void build_directory();

    std::vector<Uuid> ids_;
    std::vector<store::Seq> seqs_;
    std::vector<Instant> instants_;
    std::vector<store::Version> versions_;
    std::vector<Postcode> postcodes_;
    std::shared_ptr<const Extension> extension_;
    std::vector<Row> directory_;  // open addressing on the CV's id; row + 1, 0 is empty; a power of two long
    std::vector<TermKey> terms_;
    std::vector<Posting> postings_;  // parallel to terms_
};

// Collects rows in log order and makes a segment of them.
class SegmentBuilder {
  public:
    // `kind` may be null: then the segment has no extension.
    explicit SegmentBuilder(const ExtensionKind* kind = nullptr) : kind_(kind) {}

    void add(const RowData& row, const DocumentTerms& document);
    // Takes the live rows of `source` over, after those added so far. Its rows must be newer.
    void add_rows(const Segment& source, const Posting& dead);

    Row size() const { return static_cast<Row>(segment_->ids_.size()); }
    // Leaves the builder empty. Pre: size() > 0.
    std::shared_ptr<const Segment> build();

  private:
    std::vector<Row>& rows_of(TermKey term);
    void add_row(const RowData& row, Postcode postcode);
    ExtensionBuilder* extension();

    const ExtensionKind* kind_;
    std::unique_ptr<ExtensionBuilder> extension_;
    std::unique_ptr<Segment> segment_ = std::unique_ptr<Segment>(new Segment);
    std::unordered_map<TermKey, std::vector<Row>> rows_by_term_;
};

}  // namespace cvstroom::index
