// From the parsed members of a document to a Candidate, checked against the rules of SPEC 2.
#pragma once

#include "candidate/value_reader.hpp"

namespace cvstroom::candidate {

// Notes every fault in `values`; what it returns is meant to be used only when there are none.
Candidate read_candidate(ValueReader& values, simdjson::dom::element document);

}  // namespace cvstroom::candidate
