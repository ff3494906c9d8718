// A set of rows of a segment in any of the forms that the index keeps them in: codes' (index/posting.hpp), words'
// (index/text_rows.hpp) and places' (index/place_rows.hpp). What a plan on a segment combines.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "index/place_rows.hpp"
#include "index/posting.hpp"
#include "index/text_rows.hpp"

namespace cvstroom::search {

// A view: valid as long as what it was made of is.
class RowSet {
  public:
    RowSet() = default;                                                       // no rows
    RowSet(const index::RowsView& rows) : rows_(rows), size_(rows.size()) {}  // NOLINT: it is one
    explicit RowSet(const index::TextRows& rows);
    explicit RowSet(const index::PlaceSet& places) : rows_(&places), size_(places.size()) {}

    std::uint32_t size() const { return size_; }  // exact
    std::string_view form() const;                // for people

    bool is_dense() const { return list_or_bits() != nullptr && list_or_bits()->is_dense(); }
    // When dense, as RowsView::words().
    const std::uint64_t* words() const { return list_or_bits()->words(); }

    // The one that it is when not dense; null when it is another.
    const index::RowsView* list() const { return is_dense() ? nullptr : list_or_bits(); }
    const index::SparseBits* sparse() const { return std::get_if<index::SparseBits>(&rows_); }
    const index::PackedRows* packed() const { return std::get_if<index::PackedRows>(&rows_); }
    const index::PlaceSet* places() const {
        const auto* places = std::get_if<const index::PlaceSet*>(&rows_);
        return places == nullptr ? nullptr : *places;
    }

    // Or-s the rows of a container, which the segment has, into its words; false when there certainly are none. Pre:
    // not dense.
    bool add_to(std::size_t container, std::uint64_t* words) const;

  private:
    const index::RowsView* list_or_bits() const { return std::get_if<index::RowsView>(&rows_); }

    std::variant<index::RowsView, index::SparseBits, index::PackedRows, const index::PlaceSet*> rows_;
    std::uint32_t size_ = 0;
};

}  // namespace cvstroom::search
