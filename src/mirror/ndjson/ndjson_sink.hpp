// A copy as NDJSON files: one line a CV, spread over 256 files by the first byte of the id; state.json names the files
// that count, how many bytes of each, and where the mirror stands.
//
// state.json is replaced whole (rename), after everything that it names is on the disk: what stands behind the bytes
// that it counts does not exist, and is cut off at the next start. New CVs are appended; a file in which a CV changes
// or leaves is written anew beside the old one, which is deleted after the commit, so nothing of a removed CV stays in
// the folder. What is held is indexed in memory: some 100 bytes a CV.
//
// The generation of a row is kept in memory alone. A listing that is not the first and is interrupted begins anew.
#pragma once

#include <filesystem>
#include <memory>

#include "mirror/sink.hpp"

namespace cvstroom::mirror {

Result<std::unique_ptr<Sink>> open_ndjson_sink(const std::filesystem::path& folder, Access access);

}  // namespace cvstroom::mirror
