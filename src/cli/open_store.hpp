// What commands that work on a database open first.
#pragma once

#include <filesystem>
#include <memory>

#include "reference/reference.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace cvstroom::cli {

// The clock that every store of this process uses.
const Clock& system_clock();

Result<std::unique_ptr<store::SqliteStore>> open_store(const std::filesystem::path& database,
                                                       store::SqliteStore::Mode mode);

// The lists that come with the program; those of a database are store::read_lists.
Result<std::shared_ptr<const reference::ReferenceData>> open_lists(const std::filesystem::path& resources);

}  // namespace cvstroom::cli
