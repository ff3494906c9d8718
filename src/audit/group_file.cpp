#include "audit/group_file.hpp"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/durable_file.hpp"

namespace cvstroom::audit {
namespace {

// Space is taken ahead: making a write durable that lengthens the file has to write its new size too, which takes twice
// as long. This much is taken when keep_ready() has not been there in time.
constexpr std::uint64_t reserve_bytes = 1024 * 1024;
constexpr std::size_t zeros_at_once = 256 * 1024;

constexpr mode_t only_owner = 0600;

}  // namespace

Result<std::shared_ptr<GroupFile>> GroupFile::create(const std::filesystem::path& path) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, only_owner);
    if (descriptor < 0) {
        return fail(errno == EEXIST ? ErrorCode::conflict : ErrorCode::io,
                    std::string("cannot be made: ") + std::strerror(errno), path.string());
    }
    std::shared_ptr<GroupFile> file(new GroupFile(path, descriptor, 0));
    auto begun = sync_folder(path.parent_path());
    if (begun) begun = file->open_direct();
    if (begun) return file;
    unlink(path.c_str());  // the next try makes it again
    return tl::unexpected(begun.error());
}

Result<std::shared_ptr<GroupFile>> GroupFile::reopen(const std::filesystem::path& path, std::uint64_t end) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        return fail(ErrorCode::io, std::string("cannot be opened: ") + std::strerror(errno), path.string());
    }
    std::shared_ptr<GroupFile> file(new GroupFile(path, descriptor, end));
    if (const auto cut = file->discard(); !cut) return tl::unexpected(cut.error());
    if (fsync(descriptor) != 0) return file->failure("cannot be made durable");
    if (const auto opened = file->open_direct(); !opened) return tl::unexpected(opened.error());
    return file;
}

Result<void> GroupFile::open_direct() {
    tail_.resize(end_ % block_bytes);
    const auto begin = static_cast<off_t>(end_ - tail_.size());
    if (pread(descriptor_, tail_.data(), tail_.size(), begin) != static_cast<ssize_t>(tail_.size()))
        return failure("cannot be read");
    direct_ = open(path_.c_str(), O_WRONLY | O_DIRECT | O_CLOEXEC);  // without it the page cache does
    return {};
}

GroupFile::~GroupFile() {
    if (direct_ >= 0) close(direct_);
    close(descriptor_);
}

tl::unexpected<Error> GroupFile::failure(const char* doing) const {
    return fail(ErrorCode::io, std::string(doing) + ": " + std::strerror(errno), path_.string());
}

// On a disk that is nearly full there may be no room to keep ready and still enough for the group.
void GroupFile::reserve(std::uint64_t until) {
    if (until <= reserved_) return;
    const std::lock_guard lock(growing_);
    if (until <= reserved_) return;  // meanwhile
    const std::uint64_t size = until - reserved_ + reserve_bytes;
    const bool is_done = fallocate(descriptor_, 0, static_cast<off_t>(reserved_.load()), static_cast<off_t>(size)) == 0;
    reserved_ = whole_blocks(is_done ? reserved_ + size : until);
}

Result<void> GroupFile::put(std::string_view bytes, std::uint64_t at, int flags) const {
    while (!bytes.empty()) {
        const iovec part{const_cast<char*>(bytes.data()), bytes.size()};
        const auto written = pwritev2(descriptor_, &part, 1, static_cast<off_t>(at), flags);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return failure("cannot be written");
        bytes.remove_prefix(static_cast<std::size_t>(written));
        at += static_cast<std::uint64_t>(written);
    }
    return {};
}

// RWF_DSYNC makes this write durable and no other: the zeros that keep_ready() may be writing are not waited for.
Result<void> GroupFile::write(std::string_view group, bool is_durable) {
    reserve(end_ + group.size());
    const bool is_put = is_durable && direct_ >= 0 && put_direct(group);
    if (auto done = is_put ? Result<void>{} : put(group, end_, is_durable ? RWF_DSYNC : 0); !done) return done;
    // What an earlier sync could not make durable is behind this group in the chain, and goes before it.
    return is_durable && has_sync_failed_ ? sync() : Result<void>{};
}

std::optional<GroupFile::DirectWrite> GroupFile::prepare(std::string_view group) {
    if (direct_ < 0 || has_sync_failed_ || end_ + group.size() > reserved_) return std::nullopt;
    return in_whole_blocks(group);
}

GroupFile::DirectWrite GroupFile::in_whole_blocks(std::string_view group) {
    blocks_.resize(whole_blocks(tail_.size() + group.size()) / block_bytes);
    const std::size_t size = blocks_.size() * block_bytes;
    char* const begin = blocks_.front().bytes;
    std::memcpy(begin, tail_.data(), tail_.size());
    std::memcpy(begin + tail_.size(), group.data(), group.size());
    std::fill(begin + tail_.size() + group.size(), begin + size, '\0');
    return {direct_, {begin, size}, end_ - tail_.size()};
}

// False when it could not be written so: then the page cache may do better, or tell what is wrong.
bool GroupFile::put_direct(std::string_view group) {
    const auto direct = in_whole_blocks(group);
    const iovec part{const_cast<char*>(direct.bytes.data()), direct.bytes.size()};
    ssize_t written = 0;
    do {
        written = pwritev2(direct.descriptor, &part, 1, static_cast<off_t>(direct.at), RWF_DSYNC);
    } while (written < 0 && errno == EINTR);
    return written == static_cast<ssize_t>(direct.bytes.size());
}

void GroupFile::accept(std::string_view group) {
    end_ += group.size();
    const std::size_t rest = end_ % block_bytes;
    if (rest <= group.size()) tail_.clear();
    tail_.append(group.substr(group.size() - std::min(rest, group.size())));
}

Result<void> GroupFile::sync() {
    has_sync_failed_ = fdatasync(descriptor_) != 0;
    if (has_sync_failed_) return failure("cannot be made durable");
    return {};
}

// Space that is only allocated (fallocate) is not ready: the first write into it changes the file's map of blocks,
// which a durable write has to wait for.
Result<void> GroupFile::keep_ready(std::uint64_t ahead) {
    const std::lock_guard lock(growing_);
    const std::uint64_t from = reserved_;
    if (is_finished_ || from >= end_ + ahead / 2) return {};
    if (fallocate(descriptor_, 0, static_cast<off_t>(from), static_cast<off_t>(ahead)) != 0) return {};
    const std::string zeros(std::min<std::uint64_t>(ahead, zeros_at_once), '\0');
    for (std::uint64_t at = from; at < from + ahead; at += zeros.size()) {
        const auto size = std::min<std::uint64_t>(zeros.size(), from + ahead - at);
        if (auto done = put(std::string_view(zeros).substr(0, size), at, 0); !done) return done;
    }
    if (fdatasync(descriptor_) != 0) return failure("cannot be made durable");
    reserved_ = from + ahead;
    return {};
}

Result<void> GroupFile::discard() {
    const std::lock_guard lock(growing_);
    if (ftruncate(descriptor_, static_cast<off_t>(end_.load())) != 0) return failure("cannot be cut");
    reserved_ = whole_blocks(end_);
    return {};
}

Result<void> GroupFile::finish() {
    {
        const std::lock_guard lock(growing_);
        is_finished_ = true;
    }
    if (auto cut = discard(); !cut) return cut;
    if (fsync(descriptor_) != 0) return failure("cannot be made durable");
    return {};
}

}  // namespace cvstroom::audit
