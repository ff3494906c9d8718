// Loads many documents, one JSON document a line: checks them on all cores while the store writes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
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
// The codes that count when it is called.
using CodesNow = std::function<Result<std::shared_ptr<const candidate::CodeBook>>()>;

// Good lines are stored in batches, in order; bad ones are reported and left out. Every reported `written` is durable.
// `report` is called on the calling thread, in order of lines, and so is `codes_now`: first, and again when the codes
// were replaced meanwhile. An Error means that the store, or `codes_now`, failed: what was reported before it is
// stored, nothing after it is.
Result<LoadSummary> load_lines(Store& store, const CodesNow& codes_now, const LineSource& next,
                               const LineReport& report);

}  // namespace cvstroom::store
