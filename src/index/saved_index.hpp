// The index on disk, beside the store: so that a restart need not read every document again (DESIGN 3).
//
// A folder with one file a segment and a manifest that names those which belong together; docs/index-format.md has the
// bytes. It is a copy of what the store says and nothing else: whatever is wrong with it, the store has the truth.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>

#include "index/index.hpp"
#include "index/manifest.hpp"
#include "store/store.hpp"

namespace cvstroom::index {

// Thread-safe.
class SavedIndex {
  public:
    // For writing, makes the folder when it is missing (for its owner only), and takes it when no other process has:
    // otherwise it can only be loaded from. io when the folder cannot be made.
    enum class Access { read, write };
    static Result<std::unique_ptr<SavedIndex>> open(std::filesystem::path folder, Access access = Access::write);
    ~SavedIndex();
    SavedIndex(const SavedIndex&) = delete;
    SavedIndex& operator=(const SavedIndex&) = delete;

    bool is_writable() const { return lock_ >= 0; }
    const std::filesystem::path& folder() const { return folder_; }

    // `fingerprint`, here and in save(): see indexing_fingerprint().
    // Puts what was saved into the index, which must be new. Afterwards the index stands at its watermark: the rest of
    // the log is to be applied.
    // Every error means that nothing was loaded and the index is to be rebuilt; the message says why. not_found:
    // nothing was saved here yet. Otherwise: a file is damaged, cut, missing or of another version; the folder belongs
    // to another history of the store (another epoch, or a log that does not hold what was applied: a restored backup);
    // or code lists or the analysis of texts have changed since.
    Result<void> load(Index& index, store::Store& store, std::uint64_t fingerprint);

    // Writes the segments that are not there yet, then a new manifest in place of the old one, then removes what no
    // manifest names any more. After any crash the folder holds the old index or the new one. refused when another
    // process has the folder.
    Result<void> save(const Index& index, store::Store& store, std::uint64_t fingerprint);

    // Deletes what was saved: the next start builds the index anew. refused when another process has the folder.
    Result<void> clear();

  private:
    struct Written {
        std::weak_ptr<const Segment> segment;
        SavedPart part;
    };

    SavedIndex(std::filesystem::path folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
    Result<SavedPart> write_once(const std::shared_ptr<const Segment>& segment, const ExtensionKind* kind);
    Result<std::vector<Part>> read_parts(const Manifest& manifest, const ExtensionKind* kind);
    void remove_others(const Manifest& manifest) const;

    std::filesystem::path folder_;
    int lock_;  // a locked file; -1: another process has it
    std::mutex mutex_;
    std::map<const Segment*, Written> written_;
};

// Where the index of this database is saved.
std::filesystem::path saved_index_folder(const std::filesystem::path& database);

}  // namespace cvstroom::index
