// Old files of an audit may go when what they answer need not be answered any more. What stays can still be verified:
// a statement in the folder (pruned.json) says where the chain begins now, and carries a code that only who knows the
// database's secret can make.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "audit/chain.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "store/anchor_store.hpp"

namespace cvstroom::audit {

// How far an audit was pruned.
struct Pruned {
    std::uint64_t file = 0;  // this file, and all before it, were removed
    Uuid chain;
    std::uint64_t seal = 0;  // the last seal of that file,
    Sha256 code{};           // and its code
    Instant until{};         // when the first file that stays was begun
    Instant at{};            // when it was done
    std::string by;          // by whom
};

// The statement of a folder; nothing when it was never pruned. corrupt when it is not what this database sealed.
Result<std::optional<Pruned>> read_pruned(const std::filesystem::path& folder, const Key& key);

struct PruneRequest {
    Instant before{};  // only files all of whose records are older
    Instant now{};
    std::string by;
    bool is_trial = false;  // only says what would be removed
};

struct PruneResult {
    std::uint64_t files = 0;  // removed now
    std::uint64_t bytes = 0;
    std::optional<Pruned> pruned;  // how far it is pruned after this; nothing when it never was
};

// Removes whole files, oldest first, while all their records are older than `before`; the last file stays. First the
// whole audit is verified: when anything is wrong with it, conflict says what, and nothing is removed, for it is
// evidence. A server may go on recording meanwhile. After a crash half-way the next call removes the rest.
Result<PruneResult> prune(const std::filesystem::path& folder, const Key& key,
                          std::span<const store::AuditAnchor> anchors, const PruneRequest& request);

// The statement's name in the folder: a copy of the audit needs it too.
inline constexpr const char* pruned_name = "pruned.json";

}  // namespace cvstroom::audit
