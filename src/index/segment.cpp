#include "index/segment.hpp"

#include <algorithm>
#include <bit>

namespace cvstroom::index {

std::optional<Row> Segment::find(const Uuid& cv) const {
    const std::size_t mask = directory_.size() - 1;
    for (std::size_t slot = UuidHash{}(cv)&mask;; slot = (slot + 1) & mask) {
        const Row entry = directory_[slot];
        if (entry == 0) return std::nullopt;
        if (ids_[entry - 1] == cv) return entry - 1;
    }
}

Row Segment::lower_bound(store::Seq seq) const {
    return static_cast<Row>(std::lower_bound(seqs_.begin(), seqs_.end(), seq) - seqs_.begin());
}

std::size_t Segment::lower_term(TermKey key) const {
    return static_cast<std::size_t>(std::lower_bound(terms_.begin(), terms_.end(), key) - terms_.begin());
}

std::size_t Segment::row_bytes() const {
    return ids_.capacity() * sizeof(Uuid) + seqs_.capacity() * sizeof(store::Seq) +
           instants_.capacity() * sizeof(Instant) + versions_.capacity() * sizeof(store::Version) +
           postcodes_.capacity() * sizeof(Postcode) + directory_.capacity() * sizeof(Row);
}

std::size_t Segment::posting_bytes() const {
    std::size_t bytes =
        terms_.capacity() * sizeof(TermKey) + (postings_.capacity() - postings_.size()) * sizeof(Posting);
    for (const auto& posting : postings_) bytes += posting.bytes();
    return bytes;
}

// A later row of the same CV takes the earlier one's place: a lookup is always about the newest version.
void Segment::build_directory() {
    directory_.assign(std::bit_ceil(ids_.size() * 3 / 2 + 2), 0);
    const std::size_t mask = directory_.size() - 1;
    for (Row row = 0; row < size(); ++row) {
        std::size_t slot = UuidHash{}(ids_[row]) & mask;
        while (directory_[slot] != 0 && ids_[directory_[slot] - 1] != ids_[row]) slot = (slot + 1) & mask;
        directory_[slot] = row + 1;
    }
}

std::vector<Row>& SegmentBuilder::rows_of(TermKey term) {
    return rows_by_term_[term];
}

ExtensionBuilder* SegmentBuilder::extension() {
    if (kind_ != nullptr && extension_ == nullptr) extension_ = kind_->builder();
    return extension_.get();
}

void SegmentBuilder::add_row(const RowData& row, Postcode postcode) {
    segment_->ids_.push_back(row.cv);
    segment_->seqs_.push_back(row.seq);
    segment_->instants_.push_back(row.instant);
    segment_->versions_.push_back(row.version);
    segment_->postcodes_.push_back(postcode);
}

void SegmentBuilder::add(const RowData& row, const DocumentTerms& document) {
    const Row number = size();
    add_row(row, document.postcode);
    for (const TermKey term : document.terms) rows_of(term).push_back(number);
    if (auto* builder = extension()) builder->add(document.extension);
}

void SegmentBuilder::add_rows(const Segment& source, const Posting& dead) {
    std::vector<Row> moved(source.size(), dropped_row);
    for (Row row = 0; row < source.size(); ++row) {
        if (dead.contains(row)) continue;
        moved[row] = size();
        add_row(source.row(row), source.postcode(row));
    }
    if (auto* builder = extension(); builder != nullptr && source.extension() != nullptr) {
        builder->add_rows(*source.extension(), moved);
    }
    std::vector<Row> members;
    for (std::size_t term = 0; term < source.terms().size(); ++term) {
        std::vector<Row>* rows = nullptr;
        members.clear();
        source.rows_of(term).append_to(members);
        for (const Row row : members) {
            if (moved[row] == dropped_row) continue;
            if (rows == nullptr) rows = &rows_of(source.terms()[term]);
            rows->push_back(moved[row]);
        }
    }
}

std::shared_ptr<const Segment> SegmentBuilder::build() {
    Segment& segment = *segment_;
    segment.terms_.reserve(rows_by_term_.size());
    for (const auto& [term, rows] : rows_by_term_) segment.terms_.push_back(term);
    std::sort(segment.terms_.begin(), segment.terms_.end());
    segment.postings_.reserve(segment.terms_.size());
    for (const TermKey term : segment.terms_) {
        const auto& rows = rows_by_term_.find(term)->second;
        segment.postings_.emplace_back(rows, segment.size());
    }
    segment.ids_.shrink_to_fit();
    segment.seqs_.shrink_to_fit();
    segment.instants_.shrink_to_fit();
    segment.versions_.shrink_to_fit();
    segment.postcodes_.shrink_to_fit();
    segment.build_directory();
    if (auto* builder = extension()) segment.extension_ = builder->build();
    extension_.reset();
    rows_by_term_.clear();
    auto finished = std::shared_ptr<const Segment>(segment_.release());
    segment_.reset(new Segment);
    return finished;
}

}  // namespace cvstroom::index
