// The file that groups are appended to. A group is whole or not there: one that could not be written is taken back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.hpp"

namespace cvstroom::audit {

// One thread writes; sync() may be called by another at the same time.
class GroupFile {
  public:
    // A new file, and its name durable in the folder. conflict when it is there already.
    static Result<std::shared_ptr<GroupFile>> create(const std::filesystem::path& path);
    // Goes on behind the first `end` bytes; what stands after them is cut off.
    static Result<std::shared_ptr<GroupFile>> reopen(const std::filesystem::path& path, std::uint64_t end);
    ~GroupFile();
    GroupFile(const GroupFile&) = delete;
    GroupFile& operator=(const GroupFile&) = delete;

    // Writes behind what was accepted. The operating system has it then: it survives this process, not a power cut.
    Result<void> write(std::string_view group);
    // Makes what was written durable.
    Result<void> sync();
    // The group that was written last counts from now on.
    void accept(std::size_t group_size) { end_ += group_size; }
    // Takes back what was written and not accepted.
    Result<void> discard();
    // Cuts off the space that was kept ready, and makes that durable.
    Result<void> finish();

    std::uint64_t end() const { return end_; }

  private:
    GroupFile(std::filesystem::path path, int descriptor, std::uint64_t end)
        : path_(std::move(path)), descriptor_(descriptor), end_(end), reserved_(end) {}

    void reserve(std::uint64_t until);
    tl::unexpected<Error> failure(const char* doing) const;

    const std::filesystem::path path_;
    const int descriptor_;
    std::uint64_t end_;
    std::uint64_t reserved_;  // the file's size; zeros behind end_
};

}  // namespace cvstroom::audit
