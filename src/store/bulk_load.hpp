// Loads many documents, one JSON document a line: checks them on all cores while the store writes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/intake.hpp"

namespace cvstroom::store {

// What became of one line: either `written`, or `faults`.
struct LineOutcome {
    std::uint64_t line{};  // the first is 1
    std::optional<Uuid> cv;
    std::optional<WriteResult> written;
    std::vector<candidate::Fault> faults;
};

struct LoadSummary {
    std::uint64_t lines = 0;  // with something on them
    std::uint64_t created = 0;
    std::uint64_t changed = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t erased = 0;
    std::uint64_t unknown = 0;  // erasures of CVs that never were
    std::uint64_t refused = 0;
};

// Puts the next line in its argument, without the line's end; false at the end of the input.
using LineSource = std::function<bool(std::string&)>;
using LineReport = std::function<void(const LineOutcome&)>;

// Good lines are stored in batches, in order; bad ones are reported and left out. Every reported `written` is durable.
// `report` is called on the calling thread, in order of lines. An Error means that the store failed: what was
// reported before it is stored, nothing after it is.
Result<LoadSummary> load_lines(Store& store, const candidate::CodeBook& codes, const LineSource& next,
                               const LineReport& report);

}  // namespace cvstroom::store
