// A backup: a folder with a copy of the database, the audit's files, and a manifest that names each with its digest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"

namespace cvstroom::cli {

inline constexpr const char* backup_database = "cv.db";
inline constexpr const char* backup_audit = "audit";  // a folder in the backup

struct BackedUpFile {
    std::string name;  // relative to the backup's folder
    std::uint64_t bytes = 0;
    Sha256 digest{};
};

struct Manifest {
    std::string taken;  // an instant
    std::string epoch;
    std::uint64_t seq = 0;
    std::vector<BackedUpFile> files;
};

// Of a file as it is now. io when it cannot be read.
Result<BackedUpFile> describe_file(const std::filesystem::path& folder, const std::string& name);

// The manifest is the last thing that a backup gets: a folder without one is no backup.
Result<void> write_manifest(const std::filesystem::path& folder, const Manifest& manifest);
Result<Manifest> read_manifest(const std::filesystem::path& folder);

// Compares every file with the manifest: corrupt, naming the first that differs.
Result<void> check_files(const std::filesystem::path& folder, const Manifest& manifest);

// Copies bytes and makes the copy durable.
Result<void> copy_file_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace cvstroom::cli
