// Records what a command gives out of CVs, as the server does for its answers: before it is given.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "audit/entry.hpp"
#include "base/result.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace cvstroom::cli {

// `command`: what stands as the resource in the record; `by`: who receives it (acting_person.hpp). Whole documents.
// Works beside a running server, within some seconds. An error: nothing may be given out.
Result<void> record_disclosure(store::SqliteStore& store, const std::filesystem::path& audit_folder,
                               const std::string& command, const std::string& by,
                               const std::vector<audit::Disclosed>& cvs);

}  // namespace cvstroom::cli
