// What it would mean to put one code list in the place of another: asked before it is done, on the command line and on
// the provider's listener alike.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "reference/code_list.hpp"
#include "reference/list_source.hpp"
#include "store/code_uses.hpp"
#include "store/store.hpp"

namespace cvstroom::store {

struct ListChange {
    std::vector<std::string> added;    // codes, in the new list's order
    std::vector<std::string> changed;  // same code, other words, parent, dates or properties
    std::vector<std::string> dropped;  // in the old list's order
    // Of the dropped ones that published CVs use, how many do: as the log stood at counted_until.
    CodeUses used;
    Seq counted_until = 0;
};

// Reads every published CV when codes go that documents may hold (see count_code_uses()). `progress` may be empty.
Result<ListChange> compare_lists(Store& store, const reference::ListSource& source, const reference::CodeList& before,
                                 const reference::CodeList& after, const std::function<void(std::uint64_t)>& progress);

// Looks at the CVs that were published after change.counted_until, too, and returns how many there were. A CV that was
// counted before and has changed since is counted twice.
Result<std::uint64_t> count_further(Store& store, const reference::ListSource& source, ListChange& change);

}  // namespace cvstroom::store
