// An open file of the operating system, closed with its owner.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <span>

namespace cvstroom {

// Not thread-safe. `flags` as open(2) takes them; a file that is made is for its owner only.
class FileDescriptor {
  public:
    FileDescriptor(const std::filesystem::path& file, int flags)
        : number_(::open(file.c_str(), flags | O_CLOEXEC, 0600)) {}
    ~FileDescriptor() {
        if (number_ >= 0) ::close(number_);
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    bool is_open() const { return number_ >= 0; }
    int number() const { return number_; }

    // All of the bytes; false says why in errno.
    bool write(std::span<const std::byte> bytes) const {
        while (!bytes.empty()) {
            const auto written = ::write(number_, bytes.data(), std::min(bytes.size(), most_bytes_a_call));
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return false;
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        }
        return true;
    }
    bool read(std::span<std::byte> bytes) const {
        while (!bytes.empty()) {
            const auto got = ::read(number_, bytes.data(), std::min(bytes.size(), most_bytes_a_call));
            if (got < 0 && errno == EINTR) continue;
            if (got == 0) errno = EIO;  // cut while it is being read
            if (got <= 0) return false;
            bytes = bytes.subspan(static_cast<std::size_t>(got));
        }
        return true;
    }

  private:
    // What the kernel takes in one call at most is a little under 2 GiB.
    static constexpr std::size_t most_bytes_a_call = std::size_t{1} << 30U;

    int number_;
};

}  // namespace cvstroom
