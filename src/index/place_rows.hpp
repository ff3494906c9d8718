// The rows of a segment by the place they are at, so that a circle on the map (SPEC 4, `straal`) costs as much as it
// holds. Made anew from the column of postcodes when a segment is opened: it is not saved.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/huge_pages.hpp"
#include "index/posting.hpp"

namespace cvstroom::index {

// The number in "BE-2800"; 0 for a CV without a Belgian postcode.
using Postcode = std::uint16_t;
inline constexpr std::size_t postcode_values = 65536;

// Postcodes that somebody asks for.
class PlaceChoice {
  public:
    PlaceChoice() : words_(postcode_values / word_bits, 0) {}
    // Ascending, each once.
    void add(Postcode postcode) {
        words_[postcode / word_bits] |= std::uint64_t{1} << (postcode % word_bits);
        postcodes_.push_back(postcode);
    }
    bool contains(Postcode postcode) const { return word_bit(postcode) != 0; }
    std::uint64_t word_bit(Postcode postcode) const {
        return (words_[postcode / word_bits] >> (postcode % word_bits)) & 1U;
    }
    std::span<const Postcode> postcodes() const { return postcodes_; }

  private:
    std::vector<std::uint64_t> words_;
    std::vector<Postcode> postcodes_;
};

// The rows of each container of 65,536 stand by place, the places in the order of their postcodes: neighbours have
// postcodes near each other, so what a circle holds are a few runs. Immutable; thread-safe.
class PlaceRows {
  public:
    PlaceRows() = default;  // of no rows
    explicit PlaceRows(std::span<const Postcode> postcodes);

    bool is_empty() const { return numbers_.empty(); }
    std::size_t bytes() const;

    // Places that follow each other, by number: [begin, end).
    struct Run {
        std::uint32_t begin;
        std::uint32_t end;
    };
    // Replaces `runs` by those of the places of the choice. O(postcodes of the choice).
    void find(const PlaceChoice& choice, std::vector<Run>& runs) const;

    std::uint32_t size_of(const Run& run) const { return sums_[run.end] - sums_[run.begin]; }

    // Sets the bits of the run's rows of a container in its words; returns whether there are any.
    bool add_to(const Run& run, std::size_t container, std::uint64_t* words) const;

  private:
    std::vector<std::uint32_t> numbers_;  // by postcode: the place's number and 1; 0 where no row is
    std::vector<std::uint32_t> sums_;     // by place, and the end: the rows at the places before
    HugeVector<std::uint32_t> begins_;    // by container, and in it by place and the end: in members_
    HugeVector<std::uint16_t> members_;   // the lower halves of the rows
};

// The rows of a segment that are at the places of a choice. A view of the segment's column, its PlaceRows (which may be
// empty: then each row is looked at) and the choice, which must outlive it.
class PlaceSet {
  public:
    // Keeps its memory from one use to the next.
    void set(std::span<const Postcode> column, const PlaceRows& places, const PlaceChoice& choice);

    std::uint32_t size() const { return size_; }  // exact
    std::size_t runs() const { return runs_.size(); }
    bool contains(Row row) const { return choice_->contains(column_[row]); }

    // Sets the bits of the rows of a container in its words; returns whether there are any.
    bool add_to(std::size_t container, std::uint64_t* words) const;

    void mark(std::span<const Row> rows, std::uint8_t* marks) const;
    // Keeps, of `rows`, those that are in the set, or the others.
    void keep(bool wants_members, std::vector<Row>& rows) const;

  private:
    void prefetch(std::span<const Row> rows, std::size_t at) const;
    bool look_at_all(std::size_t container, std::uint64_t* words) const;

    std::span<const Postcode> column_;
    const PlaceRows* places_ = nullptr;
    const PlaceChoice* choice_ = nullptr;
    std::vector<PlaceRows::Run> runs_;
    std::uint32_t size_ = 0;
};

}  // namespace cvstroom::index
