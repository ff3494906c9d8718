// A saved file, whole, in memory that a segment can stand in.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "index/memory_block.hpp"

namespace cvstroom::index {

// not_found when there is none, io for every other trouble.
Result<MemoryBlock> read_file(const std::filesystem::path& file);

}  // namespace cvstroom::index
