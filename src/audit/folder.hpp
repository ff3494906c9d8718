// The files of an audit: audit-000001.ndjson, audit-000002.ndjson, … in one folder, and who may write there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace cvstroom::audit {

struct AuditFile {
    std::uint64_t number = 0;
    std::filesystem::path path;
};

std::filesystem::path file_path(const std::filesystem::path& folder, std::uint64_t number);

// By number. Other files in the folder are none of the audit's. An absent folder has none.
Result<std::vector<AuditFile>> list_files(const std::filesystem::path& folder);

// The file's content without the zeros that a recorder keeps ready behind it.
Result<std::string> read_whole(const std::filesystem::path& file);

// Holds the folder for one recorder, until it is destroyed. conflict when another process holds it.
class FolderLock {
  public:
    static Result<std::unique_ptr<FolderLock>> take(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace cvstroom::audit
