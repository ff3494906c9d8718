// Where the audit of a database is, for the commands that read it.
#pragma once

#include <filesystem>

namespace cvstroom::cli {

// The folder that was given, or else the one beside the database: cv.db has cv.db.audit.
inline std::filesystem::path audit_folder(const std::filesystem::path& given, const std::filesystem::path& database) {
    return given.empty() ? std::filesystem::path(database.string() + ".audit") : given;
}

}  // namespace cvstroom::cli
