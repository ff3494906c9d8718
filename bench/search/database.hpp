// A database of generated CVs, made once and kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "reference/reference.hpp"
#include "sandbox/generator.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace cvstroom::bench {

// Opens the database; generates and imports its CVs first when it is not there.
std::unique_ptr<store::SqliteStore> open_database(const std::filesystem::path& file, std::uint64_t cvs,
                                                  const reference::ReferenceData& lists,
                                                  const sandbox::Generator& generator);

double seconds_since(std::chrono::steady_clock::time_point begin);

// Memory of this process that is in use, in bytes.
double resident_bytes();

}  // namespace cvstroom::bench
