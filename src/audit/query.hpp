// Finds records: who received which CV.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "audit/entry.hpp"
#include "base/result.hpp"

namespace cvstroom::audit {

// What is not set matches everything.
struct Filter {
    std::optional<Uuid> cv;
    std::string partner;
    std::optional<Instant> from;   // at or after
    std::optional<Instant> until;  // before
};

// Calls `visit` with every record that matches, oldest first. With `cv`, a record's `cvs` holds that one alone.
// Reads all files of the folder, also while a recorder writes; some 1 GB a second. A line that cannot be read is an
// Error: verify() says more.
Result<void> find_records(const std::filesystem::path& folder, const Filter& filter,
                          const std::function<void(const Entry&)>& visit);

// Whether one file has a record of that instant or later.
Result<bool> has_record_since(const std::filesystem::path& file, Instant from);

}  // namespace cvstroom::audit
