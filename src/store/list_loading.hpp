// Puts a code list in the place of another, and overlooks no published CV that uses a code which goes.
//
// To read all CVs takes a while, in which others are published. Those are read too, the last of them when the list
// holds off every other write (ReferenceStore::LastCheck): few, so that writers hardly wait, and searches not at all. A
// document that was checked with the lists before is not stored after (Write::lists_revision).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "reference/reference.hpp"
#include "store/list_change.hpp"
#include "store/reference_store.hpp"

namespace cvstroom::store {

struct NewList {
    const reference::ListSource& source;
    const reference::CodeList& list;
    ListVersion version;     // what is kept with it; `version` is given by the store
    std::string frame;       // the file, one zstd frame; empty when it is the shipped list
    bool is_forced = false;  // also when codes go that published CVs use
};

struct ListOutcome {
    ListChange change;
    std::optional<std::uint32_t> version;  // nothing: not loaded, for change.used is not empty
};

// The lists as they count when it is called.
using ListsNow = std::function<Result<std::shared_ptr<const reference::ReferenceData>>()>;

// `conflict` when somebody else loads the same list meanwhile: what would change is not what was looked at. `progress`
// is told how many CVs were read, and may be empty.
Result<ListOutcome> load_list(Store& store, ReferenceStore& lists, const ListsNow& lists_now, const NewList& wanted,
                              const std::function<void(std::uint64_t)>& progress);

}  // namespace cvstroom::store
