// The canonical form: the one sequence of bytes that a valid document is stored, compared and served as.
#pragma once

#include <string>

#include "candidate/candidate.hpp"

namespace cvstroom::candidate {

// Minified JSON; known members in the order of SPEC 2 and of the seed's documents, then unknown ones in the order
// received, their values byte for byte. Equal Candidates give equal bytes; parsing the result gives an equal Candidate.
std::string to_canonical(const Candidate& candidate);

// What a partner gets for a CV that is not (or no longer) published: cvId, status and wijzigingsDatum (SPEC 3).
std::string to_tombstone(const Uuid& id, Status status, Date changed_on);

}  // namespace cvstroom::candidate
