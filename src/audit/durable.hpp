// Small files that are there whole or not at all, also after a power cut.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace cvstroom::audit {

// Makes what was written to a file, or the names in a folder, durable.
Result<void> sync_path(const std::filesystem::path& path);

// Writes a file for its owner only, in place of one of that name.
Result<void> write_durably(const std::filesystem::path& path, const std::string& text);

}  // namespace cvstroom::audit
