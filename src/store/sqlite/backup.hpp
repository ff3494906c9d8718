// Copies of a database: taken while others write to it, and put back under a new name for its history.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "store/store.hpp"

namespace cvstroom::store {

struct DatabaseCopy {
    Uuid epoch;
    Seq seq{};  // the log's end in the copy
};

// Called now and then with the pages that are copied and their total.
using CopyProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Copies `source` as it is at one instant into a new file, durably (SQLite's online backup). Readers and writers of
// `source`, in this process and others, go on. Errors: not_found, corrupt, io (a full disk too); what was written of
// `target` stays for the caller to remove.
Result<DatabaseCopy> copy_database(const std::filesystem::path& source, const std::filesystem::path& target,
                                   const CopyProgress& progress);

// Makes a copy a database of its own: checks every page, and gives its history a new epoch, so that cursors into what
// was written after the copy are refused instead of answered wrongly (pitfall 35). The secret stays: those cursors are
// recognised. Returns the new epoch.
Result<Uuid> begin_new_history(const std::filesystem::path& file);

}  // namespace cvstroom::store
