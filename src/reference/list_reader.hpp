// From a file to a code list, with everything that can be wrong with it named by line.
#pragma once

#include "base/result.hpp"
#include "reference/code_list.hpp"
#include "reference/list_source.hpp"
#include "reference/tsv.hpp"

namespace cvstroom::reference {

// invalid_input with "file:line" in `where`: a column that is missing, an empty or repeated code, an empty label, a
// parent or successor that does not exist, parents that go round, a date that is none, a last day before the first.
Result<CodeList> read_list(const ListSource& source, const Tsv& table);

}  // namespace cvstroom::reference
