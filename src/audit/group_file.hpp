// The file that groups are appended to. A group is whole or not there: one that could not be written is taken back.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>

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
    // Makes all that was written durable.
    Result<void> sync();
    // Makes room when less than half of `ahead` bytes is ready behind what was accepted: zeros that are on disk, so
    // that a durable write into them changes no more than their bytes. Where there is no room nothing is done.
    Result<void> keep_ready(std::uint64_t ahead);
    // The group that was written last counts from now on.
    void accept(std::size_t group_size) { end_ += group_size; }
    // Takes back what was written and not accepted.
    Result<void> discard();
    // Cuts off the space that was kept ready, and makes that durable.
    Result<void> finish();

    std::uint64_t end() const { return end_.load(std::memory_order_relaxed); }

  private:
    GroupFile(std::filesystem::path path, int descriptor, std::uint64_t end)
        : path_(std::move(path)), descriptor_(descriptor), end_(end), reserved_(end) {}

    void reserve(std::uint64_t until);
    Result<void> put(std::string_view bytes, std::uint64_t at, int flags) const;
    tl::unexpected<Error> failure(const char* doing) const;

    const std::filesystem::path path_;
    const int descriptor_;
    std::atomic<std::uint64_t> end_;
    std::mutex growing_;                   // held while the file's size changes
    std::atomic<std::uint64_t> reserved_;  // the writer's up to here; zeros behind end_. Changed under growing_
    bool is_finished_ = false;             // under growing_: takes no more zeros
    std::atomic<bool> has_sync_failed_ = false;
};

}  // namespace cvstroom::audit
