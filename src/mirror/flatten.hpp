// From a parsed document to rows. For this room's readers alone: it shows simdjson.
#pragma once

#include <simdjson.h>

#include "mirror/flat_cv.hpp"

namespace cvstroom::mirror {

// `size`: about as many bytes as the document's text has. Errors as of DocumentFlattener::read.
Result<ReadDocument> flatten(const simdjson::dom::object& document, std::size_t size);

}  // namespace cvstroom::mirror
