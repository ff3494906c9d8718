// What a client says that it holds, and up to where it has come: the body of a check.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.hpp"
#include "http/problem.hpp"
#include "store/store.hpp"

namespace cvstroom::api {

struct HeldCandidate {
    Uuid cv;
    store::Version version = 0;
};

struct HeldList {
    std::vector<HeldCandidate> candidates;
    std::optional<std::string> cursor;  // vervolg
    std::optional<std::string> until;   // tot
};

// {"cvs":[{"cvId":…,"versie":…}, …],"vervolg":"…"} or, with `is_lines`, one {"cvId":…,"versie":…} a line. Faults go to
// `issues`, the first twenty of them.
HeldList read_held(std::string_view body, bool is_lines, std::vector<http::Issue>& issues);

}  // namespace cvstroom::api
