// Proves that an audit is what was recorded, as far as that can be proved (docs/audit.md says how far).
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/chain.hpp"
#include "base/result.hpp"
#include "store/anchor_store.hpp"

namespace cvstroom::audit {

struct Fault {
    std::string where;  // "audit-000002.ndjson, line 17", or a chain
    std::string what;
};

// Where a chain stood when somebody wrote it down elsewhere.
struct KnownSeal {
    std::uint64_t number = 0;
    Sha256 code{};
};

struct Verification {
    std::uint64_t files = 0;
    std::uint64_t seals = 0;
    std::uint64_t records = 0;
    std::uint64_t pruned_files = 0;      // that were removed in the proper way: see prune.hpp
    std::uint64_t unfinished_bytes = 0;  // at the end of the last file: being written, or cut off by a crash
    std::optional<KnownSeal> head;       // the last good seal, to be written down elsewhere
    std::vector<Fault> faults;           // empty: nothing is wrong
};

// Checks every file of the folder, that the files follow each other and what was pruned (prune.hpp), and that every
// seal in `anchors` is there. An Error when the folder cannot be read. Reads the files while a recorder writes too.
Result<Verification> verify(const std::filesystem::path& folder, const Key& key,
                            std::span<const store::AuditAnchor> anchors, const std::optional<KnownSeal>& known = {});

}  // namespace cvstroom::audit
