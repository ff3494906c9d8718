// From a document's facts to the terms that it is found by.
#pragma once

#include <vector>

#include "candidate/facts.hpp"
#include "index/dictionary.hpp"
#include "reference/reference.hpp"

namespace cvstroom::index {

// Appends the terms of a document to `terms`, sorted and without repetition. Thread-safe (the dictionary is).
void collect_terms(const candidate::Facts& facts, const reference::ReferenceData& lists, Dictionary& dictionary,
                   std::vector<TermKey>& terms);

}  // namespace cvstroom::index
