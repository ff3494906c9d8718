// A lock that a process holds on a file until it ends, however it ends.
#pragma once

#include <filesystem>
#include <utility>

#include "base/result.hpp"

namespace cvstroom::mirror {

class FileLock {
  public:
    // Makes the file when it is not there. unavailable when another process holds it, io when it cannot be made.
    static Result<FileLock> take(const std::filesystem::path& file);
    FileLock() = default;
    FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileLock& operator=(FileLock&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~FileLock();

  private:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace cvstroom::mirror
