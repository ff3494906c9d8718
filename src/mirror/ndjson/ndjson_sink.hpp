// A copy as NDJSON files: one line a CV, spread over 256 files by the first byte of the id; state.json names the files
// that count, how many bytes of each, and where the mirror stands.
//
// state.json is replaced whole (rename), after everything that it names is on the disk: what stands behind the bytes
// that it counts does not exist, and is cut off at the next start. New CVs are appended; a file in which a CV changes
// or leaves is written anew beside the old one, which is deleted after the commit, so nothing of a removed CV stays in
// the folder. What is held is indexed in memory: some 100 bytes a CV.
//
// The generation of a row is kept in memory alone. A listing that is not the first and is interrupted begins anew.
//
// When a disk fails in the midst of a commit, the folder may have kept it or not. Then everything is read again before
// the next answer, which is as for a mirror that was stopped and started there.
#pragma once

#include <filesystem>
#include <memory>

#include "base/durable_file.hpp"
#include "mirror/ndjson/bucket_files.hpp"
#include "mirror/sink.hpp"

namespace cvstroom::mirror {

Result<std::unique_ptr<Sink>> open_ndjson_sink(const std::filesystem::path& folder, Access access,
                                               const BucketFiles::SyncFolder& sync = sync_folder);

}  // namespace cvstroom::mirror
