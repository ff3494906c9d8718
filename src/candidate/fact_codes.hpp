// Facts as a compact text: what is kept of a version that has been superseded, so that a partner who follows a
// selection can be told that a CV has left it (SPEC 5). Codes and ranks only: no free text, nothing that names a
// person.
#pragma once

#include <string>
#include <string_view>

#include "candidate/facts.hpp"

namespace cvstroom::candidate {

// A line a code: a letter for its field, the code, and a tab and the rank where there is one.
std::string pack_facts(const Facts& facts);

// The facts are views into `packed`. Lines that are not understood are passed over.
Facts unpack_facts(std::string_view packed);

}  // namespace cvstroom::candidate
