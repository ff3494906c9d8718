// One segment, and what its extension saved, as a file. docs/index-format.md has its bytes.
#pragma once

#include <filesystem>
#include <memory>

#include "index/manifest.hpp"
#include "index/segment.hpp"

namespace cvstroom::index {

// Writes the segment into the folder under the name that its checksum gives it; fills in checksum and bytes.
Result<SavedPart> write_segment(const std::filesystem::path& folder, const Segment& segment, const ExtensionKind* kind);

// Reads the file of `part`. Nothing is taken for granted: length, checksum, form, and every number that leads to
// another place. corrupt, io or not_found say what is wrong with which file.
Result<std::shared_ptr<const Segment>> read_segment(const std::filesystem::path& folder, const SavedPart& part,
                                                    const ExtensionKind* kind);

}  // namespace cvstroom::index
