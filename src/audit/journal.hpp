// The chain of files as its one writer sees it: groups in, sealed and durable; files change by size and by day.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/chain.hpp"
#include "audit/folder.hpp"
#include "audit/group_file.hpp"
#include "audit/record_line.hpp"
#include "audit/scan.hpp"
#include "store/anchor_store.hpp"

namespace cvstroom::audit {

struct JournalConfig {
    std::filesystem::path folder;
    std::uint64_t file_bytes = 256ULL * 1024 * 1024;  // a file that has more is closed; so is one of another day (UTC)
};

// Not thread-safe, but for sync() of the file that file() returns.
class Journal {
  public:
    // Goes on where the folder's last file ends. A group that a crash cut off is dropped: nothing of it was answered.
    // A file that fails its check stays as it is, as evidence, and a new one is begun; so does one that misses what
    // `anchors` says was durable; seals are then counted on from there, so that `--verify` finds the gap for ever.
    // Errors: conflict (another process writes here), io.
    static Result<std::unique_ptr<Journal>> open(const JournalConfig& config, const Key& key,
                                                 std::span<const store::AuditAnchor> anchors);

    // Appends one group and seals it; with `is_durable` not before it is on disk. On failure nothing of it counts, and
    // the next call tries anew. `lines`: `records` lines as of append_record().
    Result<void> append(std::string_view lines, std::uint64_t records, Instant now, bool is_durable);

    // The same, durable, for a caller that writes it itself and calls end() when that is done. Nothing when append()
    // has more to do than one write, or when the caller could not do it: then append() is to be called.
    std::optional<GroupFile::DirectWrite> begin(std::string_view lines, std::uint64_t records, Instant now);
    void end() { accept_group(); }
    // Whether append() without durability is one write now, and no more.
    bool is_at_hand(Instant now) const { return file_ && header_.empty() && !must_rotate(now); }

    // Where the chain stands: 0 before its first seal.
    struct Head {
        Uuid chain;
        std::uint64_t seal = 0;
        Sha256 code{};
    };
    const Head& head() const { return head_; }
    std::shared_ptr<GroupFile> file() const { return file_; }
    // Makes the file as long as what stands in it. The journal is not used after that.
    Result<void> finish();

  private:
    Journal(JournalConfig config, const Key& key, std::unique_ptr<FolderLock> lock)
        : config_(std::move(config)), key_(key), lock_(std::move(lock)) {}

    Result<void> recover(std::span<const store::AuditAnchor> anchors);
    Result<void> go_on_from(const AuditFile& file, const Scan& scan, const std::vector<AuditFile>& begun,
                            std::span<const store::AuditAnchor> anchors);
    Result<void> drop(const std::vector<AuditFile>& begun);
    bool must_rotate(Instant now) const;
    Result<void> begin_file(Instant now);
    Result<void> close_file();
    void seal_group(Seal seal);
    Result<void> write_group(Seal seal, bool is_durable);
    void accept_group();

    const JournalConfig config_;
    const Key key_;
    HmacSha256 sealing_{key_};
    const std::unique_ptr<FolderLock> lock_;
    Head head_;
    std::shared_ptr<GroupFile> file_;
    std::uint64_t file_number_ = 0;
    Instant opened_{};
    std::string header_;  // of a file that has no group yet
    std::string group_;   // what is being written, and its seal
    Seal seal_;
};

}  // namespace cvstroom::audit
