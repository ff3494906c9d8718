#include "audit/group_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace cvstroom::audit {
namespace {

// Space is taken ahead: fdatasync on a file that grows has to write its new size too, which takes twice as long
// (measured on ext4: 8 ms instead of 4).
constexpr std::uint64_t reserve_bytes = 4 * 1024 * 1024;

constexpr mode_t only_owner = 0600;

Result<void> sync_folder(const std::filesystem::path& folder) {
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return fail(ErrorCode::io, std::strerror(errno), folder.string());
    const bool is_done = fsync(descriptor) == 0;
    const int error = errno;
    close(descriptor);
    if (!is_done) return fail(ErrorCode::io, std::strerror(error), folder.string());
    return {};
}

}  // namespace

Result<std::shared_ptr<GroupFile>> GroupFile::create(const std::filesystem::path& path) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, only_owner);
    if (descriptor < 0) {
        return fail(errno == EEXIST ? ErrorCode::conflict : ErrorCode::io,
                    std::string("cannot be made: ") + std::strerror(errno), path.string());
    }
    std::shared_ptr<GroupFile> file(new GroupFile(path, descriptor, 0));
    if (const auto synced = sync_folder(path.parent_path()); !synced) return tl::unexpected(synced.error());
    return file;
}

Result<std::shared_ptr<GroupFile>> GroupFile::reopen(const std::filesystem::path& path, std::uint64_t end) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        return fail(ErrorCode::io, std::string("cannot be opened: ") + std::strerror(errno), path.string());
    }
    std::shared_ptr<GroupFile> file(new GroupFile(path, descriptor, end));
    if (const auto cut = file->finish(); !cut) return tl::unexpected(cut.error());
    return file;
}

GroupFile::~GroupFile() {
    close(descriptor_);
}

tl::unexpected<Error> GroupFile::failure(const char* doing) const {
    return fail(ErrorCode::io, std::string(doing) + ": " + std::strerror(errno), path_.string());
}

// On a disk that is nearly full there may be no room to keep ready and still enough for the group.
void GroupFile::reserve(std::uint64_t until) {
    if (until <= reserved_) return;
    const std::uint64_t size = until - reserved_ + reserve_bytes;
    if (fallocate(descriptor_, 0, static_cast<off_t>(reserved_), static_cast<off_t>(size)) == 0) reserved_ += size;
}

Result<void> GroupFile::write(std::string_view group) {
    reserve(end_ + group.size());
    std::size_t done = 0;
    while (done < group.size()) {
        const auto written =
            pwrite(descriptor_, group.data() + done, group.size() - done, static_cast<off_t>(end_ + done));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return failure("cannot be written");
        done += static_cast<std::size_t>(written);
    }
    return {};
}

Result<void> GroupFile::sync() {
    if (fdatasync(descriptor_) != 0) return failure("cannot be made durable");
    return {};
}

Result<void> GroupFile::discard() {
    if (ftruncate(descriptor_, static_cast<off_t>(end_)) != 0) return failure("cannot be cut");
    reserved_ = end_;
    return {};
}

Result<void> GroupFile::finish() {
    if (auto cut = discard(); !cut) return cut;
    if (fsync(descriptor_) != 0) return failure("cannot be made durable");
    return {};
}

}  // namespace cvstroom::audit
