// The file that groups are appended to. A group is whole or not there: one that could not be written is taken back.
//
// A durable write goes past the page cache where the file system can do so (O_DIRECT), by whole blocks: the beginning
// of the block that the last group ends in is written again with the same bytes, and zeros stand behind the new one.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cvstroom::audit {

// One thread writes; sync() and keep_ready() may be called by another at the same time.
class GroupFile {
  public:
    // A new file, and its name durable in the folder. conflict when it is there already.
    static Result<std::shared_ptr<GroupFile>> create(const std::filesystem::path& path);
    // Goes on behind the first `end` bytes; what stands after them is cut off.
    static Result<std::shared_ptr<GroupFile>> reopen(const std::filesystem::path& path, std::uint64_t end);
    ~GroupFile();
    GroupFile(const GroupFile&) = delete;
    GroupFile& operator=(const GroupFile&) = delete;

    // Writes behind what was accepted. The operating system has it then: it survives this process; with `is_durable` a
    // power cut too.
    Result<void> write(std::string_view group, bool is_durable);
    // The same as a direct write that the caller makes itself, with RWF_DSYNC, before any other call. Nothing when
    // write() would do more than that: make room, or go another way.
    struct DirectWrite {
        int descriptor;
        std::span<const char> bytes;
        std::uint64_t at;
    };
    std::optional<DirectWrite> prepare(std::string_view group);
    // Makes all that was written durable.
    Result<void> sync();
    // Makes room when less than half of `ahead` bytes is ready behind what was accepted: zeros that are on disk, so
    // that a durable write into them changes no more than their bytes. Where there is no room nothing is done.
    Result<void> keep_ready(std::uint64_t ahead);
    // The group that was written last counts from now on.
    void accept(std::string_view group);
    // Takes back what was written and not accepted.
    Result<void> discard();
    // Cuts off the space that was kept ready, and makes that durable.
    Result<void> finish();

    std::uint64_t end() const { return end_.load(std::memory_order_relaxed); }

  private:
    GroupFile(std::filesystem::path path, int descriptor, std::uint64_t end)
        : path_(std::move(path)), descriptor_(descriptor), end_(end), reserved_(end) {}
    Result<void> open_direct();

    void reserve(std::uint64_t until);
    Result<void> put(std::string_view bytes, std::uint64_t at, int flags) const;
    DirectWrite in_whole_blocks(std::string_view group);
    bool put_direct(std::string_view group);
    tl::unexpected<Error> failure(const char* doing) const;

    const std::filesystem::path path_;
    const int descriptor_;
    std::atomic<std::uint64_t> end_;
    std::mutex growing_;  // held while the file's size changes
    // The writer's up to here; zeros behind end_. A whole number of blocks, so that no block is written both directly
    // and through the page cache. Changed under growing_.
    std::atomic<std::uint64_t> reserved_;
    bool is_finished_ = false;  // under growing_: takes no more zeros
    std::atomic<bool> has_sync_failed_ = false;

    // Of the block that direct writes go by: no disk or file system that is known asks for more.
    static constexpr std::size_t block_bytes = 4096;
    static std::uint64_t whole_blocks(std::uint64_t bytes) {
        return (bytes + block_bytes - 1) / block_bytes * block_bytes;
    }
    struct alignas(block_bytes) Block {
        char bytes[block_bytes];
    };
    int direct_ = -1;            // the same file, for direct writes; -1: there are none
    std::string tail_;           // what counts of the last block, when it is not full
    std::vector<Block> blocks_;  // being written
};

}  // namespace cvstroom::audit
