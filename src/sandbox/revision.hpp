// What has become of a generated CV since it was first made.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "candidate/candidate.hpp"

namespace cvstroom::sandbox {

// Each count says how often that part was changed: the same counts give the same document. Nothing else of the document
// depends on a count: who moves keeps their name, their jobs and their diplomas.
struct Revision {
    std::uint32_t moves = 0;   // another address, near the one before
    std::uint32_t jobs = 0;    // a new job; the last three of them are told
    std::uint32_t wishes = 0;  // other regions, hours and functions
    std::uint32_t levels = 0;  // knows a language better, or less well than they thought
    candidate::Status status = candidate::Status::open;
    std::optional<std::chrono::sys_days> changed_on;  // wijzigingsDatum; none: as first made

    bool operator==(const Revision&) const = default;
};

}  // namespace cvstroom::sandbox
