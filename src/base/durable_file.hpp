// Files that are there whole or not at all, also after a crash or a power cut.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cvstroom {

// Writes the pieces, one after the other, to a new file beside `file`, makes it durable and gives it that name, in
// place of what had it. Readable by its owner only. The name itself is durable after sync_folder(). io names the file
// and the reason; then `file` is as it was.
Result<void> write_durably(const std::filesystem::path& file, std::span<const std::span<const std::byte>> pieces);

// The same for one text, and its name is durable too.
Result<void> write_durably(const std::filesystem::path& file, std::string_view text);

// Makes the names in a folder (empty: the one that the process is in) durable: files that were made, replaced or
// removed stay so.
Result<void> sync_folder(const std::filesystem::path& folder);

// What write_durably names a file while it is not whole.
inline constexpr const char* unfinished_suffix = ".unfinished";

}  // namespace cvstroom
