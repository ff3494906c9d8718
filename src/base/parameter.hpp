// A named value as a caller gave it (a query parameter, decoded), and what can be wrong with it.
#pragma once

#include <string>

#include "base/local_text.hpp"

namespace cvstroom {

struct Parameter {
    std::string name;
    std::string value;
};

// One wrong parameter; becomes an entry of a problem's `issues` (SPEC 1).
struct ParameterIssue {
    enum class Kind { invalid, unknown, unknown_code };
    Kind kind{};
    std::string name;
    std::string value;
    LocalText detail;  // what is wrong and what would be right
};

}  // namespace cvstroom
