// A feed of a part of the CVs only (SPEC 5): which changes of a window concern somebody who holds a selection.
//
// What he holds at the window's beginning is compared with what he should hold at its end (pitfalls 12 and 14):
//   * the version at the end is in the selection: told as it is;
//   * it is not, and the one at the beginning was: told as "left the selection", or as withdrawn or erased;
//   * neither: not told.
// The codes of superseded versions are kept for this as long as history is (candidate/fact_codes). Erasing a CV removes
// them too, for the person's sake; a version whose codes are gone counts as one that he may hold: he is told that it
// left, which is harmless and true.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "feed/judged_codes.hpp"
#include "reference/reference.hpp"
#include "search/criteria.hpp"
#include "store/store.hpp"

namespace cvstroom::feed {

struct Selection {
    search::Criteria criteria;
    std::shared_ptr<const reference::ReferenceData> lists;
    // What a cursor is bound to: eight bytes of the criteria, and eight of what the lists make of them. A list that is
    // replaced may change which CVs match without a change of any CV, and nobody would be told who left.
    std::array<std::uint8_t, 16> digest{};
};
using SelectionPointer = std::shared_ptr<const Selection>;

enum class Kinship {
    same,
    other_lists,  // the same criteria, and a list that they look into was replaced
    other_criteria,
};
Kinship compare_digests(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b);

SelectionPointer make_selection(search::Criteria criteria, std::shared_ptr<const reference::ReferenceData> lists);

struct SelectedChange {
    store::Change change;
    bool has_left = false;  // OPEN, and out of the selection
};

// Those of `changes`, entries of `range`, that concern the selection, in order. O(changes); reads documents, unless
// `judged` has their codes, and puts there what it reads. Null: everything is read, and nothing kept.
Result<std::vector<SelectedChange>> select(store::Store& store, const Selection& selection,
                                           const store::LogRange& range, std::span<const store::Change> changes,
                                           JudgedCodes* judged = nullptr);

}  // namespace cvstroom::feed
