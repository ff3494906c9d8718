// From a document's facts to the terms that it is found by.
#pragma once

#include <cstdint>
#include <vector>

#include "candidate/facts.hpp"
#include "index/dictionary.hpp"
#include "reference/reference.hpp"

namespace cvstroom::index {

// Appends the terms of a document to `terms`, sorted and without repetition. Thread-safe (the dictionary is).
void collect_terms(const candidate::Facts& facts, const reference::ReferenceData& lists, Dictionary& dictionary,
                   std::vector<TermKey>& terms);

// Changes whenever the same documents would give other terms: with the regions' hierarchy, and with what this room
// makes of a document. A saved index of another fingerprint is not loaded.
std::uint64_t indexing_fingerprint(const reference::ReferenceData& lists);

}  // namespace cvstroom::index
