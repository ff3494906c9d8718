// `facetten` in the answer of a search (SPEC 4).
#pragma once

#include "base/json_writer.hpp"
#include "http/negotiation.hpp"
#include "reference/reference.hpp"
#include "search/facets.hpp"

namespace cvstroom::api {

// Writes one facet as an object. Labels are in the caller's language, or in Dutch where the list has no other.
void write_facet(index::Dimension dimension, const search::Facet& facet, const reference::ReferenceData& lists,
                 http::Language language, JsonWriter& json);

}  // namespace cvstroom::api
