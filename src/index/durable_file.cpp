#include "index/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace cvstroom::index {
namespace {

// What the kernel takes in one call at most is a little under 2 GiB.
constexpr std::size_t most_bytes_a_call = std::size_t{1} << 30U;

class Descriptor {
  public:
    Descriptor(const std::filesystem::path& file, int flags) : number_(::open(file.c_str(), flags | O_CLOEXEC, 0600)) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    bool is_open() const { return number_ >= 0; }
    int number() const { return number_; }

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
    int number_;
};

tl::unexpected<Error> failure(const char* what, const std::filesystem::path& file) {
    return fail(ErrorCode::io, std::string(what) + ": " + std::strerror(errno), file.string());
}

}  // namespace

Result<void> write_durably(const std::filesystem::path& file, std::span<const std::span<const std::byte>> pieces) {
    auto unfinished = file;
    unfinished += unfinished_suffix;
    const Descriptor descriptor(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
    if (!descriptor.is_open()) return failure("cannot be made", unfinished);
    const auto give_up = [&](const char* what) {
        auto error = failure(what, unfinished);
        ::unlink(unfinished.c_str());
        return error;
    };
    for (const auto piece : pieces) {
        if (!descriptor.write(piece)) return give_up("cannot be written");
    }
    if (::fsync(descriptor.number()) != 0) return give_up("cannot be made durable");
    if (::rename(unfinished.c_str(), file.c_str()) != 0) return give_up("cannot be renamed");
    return {};
}

Result<void> sync_folder(const std::filesystem::path& folder) {
    const Descriptor descriptor(folder, O_RDONLY | O_DIRECTORY);
    if (!descriptor.is_open() || ::fsync(descriptor.number()) != 0) return failure("cannot be made durable", folder);
    return {};
}

Result<MemoryBlock> read_file(const std::filesystem::path& file) {
    const Descriptor descriptor(file, O_RDONLY);
    if (!descriptor.is_open() && errno == ENOENT) return fail(ErrorCode::not_found, "is not there", file.string());
    struct stat status {};
    if (!descriptor.is_open() || ::fstat(descriptor.number(), &status) != 0) return failure("cannot be opened", file);
    if (!S_ISREG(status.st_mode)) return fail(ErrorCode::io, "is no file", file.string());
    MemoryBlock block(static_cast<std::size_t>(status.st_size));
    if (!descriptor.read(block.bytes())) return failure("cannot be read", file);
    return block;
}

}  // namespace cvstroom::index
