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

// What one stored document (a zstd frame) gives the index, in `document`. Thread-safe with a reader a thread.
Result<void> read_document(std::string_view frame, const reference::ReferenceData& lists, Index& index,
                           candidate::FactReader& reader, DocumentTerms& document);

}  // namespace cvstroom::index
