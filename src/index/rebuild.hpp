// Builds the index anew from the store, on all cores.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "candidate/facts.hpp"
#include "index/index.hpp"
#include "reference/reference.hpp"
#include "store/store.hpp"

namespace cvstroom::index {

// Replaces what is in the index by everything that the store publishes now.
Result<void> rebuild_index(store::Store& store, Index& index, const reference::ReferenceData& lists,
                           const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);

// The terms of one stored document (a zstd frame), appended to `terms`.
Result<void> read_terms(std::string_view frame, const reference::ReferenceData& lists, Dictionary& dictionary,
                        candidate::FactReader& reader, std::vector<TermKey>& terms);

}  // namespace cvstroom::index
