// What the search index knows of a selection: which of the versions that are published now can be in it. A first load
// of a selection judges those, and not every CV there is.
//
// The index answers with all that are in the selection and perhaps some that are not; each is judged by its document in
// the end. So a first load never depends on the index being right about what it leaves in, only about what it leaves
// out; and where that is not certain, everything is judged.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "feed/selection.hpp"
#include "index/index.hpp"
#include "reference/current_lists.hpp"
#include "store/store.hpp"

namespace cvstroom::feed {

// Thread-safe.
class IndexedVersions {
  public:
    // `index` is, or will be, built with `lists` as they are now; it outlives this object.
    IndexedVersions(const index::Index& index, const reference::CurrentLists& lists);

    // Every entry that an initial load of the selection at `until` can have is among these, ascending. Nothing when the
    // index is behind `until`, when too much has changed since, or when a list was replaced that it was built with.
    Result<std::optional<std::vector<store::Seq>>> candidates(store::Store& store, const Selection& selection,
                                                              store::Seq until) const;

  private:
    const index::Index& index_;
    const std::uint64_t fingerprint_;
};

}  // namespace cvstroom::feed
