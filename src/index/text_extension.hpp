// Free text as what the index hangs on each segment (index/extension.hpp).
#pragma once

#include "index/extension.hpp"
#include "index/segment.hpp"
#include "index/text_segment.hpp"

namespace cvstroom::index {

// The kind of every index that searches text. One for all: it holds nothing.
const ExtensionKind& text_extension();

// The segment's text; null when its index has none.
const TextSegment* text_of(const Segment& segment);

}  // namespace cvstroom::index
