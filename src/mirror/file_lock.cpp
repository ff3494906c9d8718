#include "mirror/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cvstroom::mirror {

Result<FileLock> FileLock::take(const std::filesystem::path& file) {
    FileLock lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (lock.descriptor_ < 0) {
        const auto reason = std::generic_category().message(errno);
        const bool is_denied = errno == EACCES || errno == EROFS || errno == EPERM;
        return fail(is_denied ? ErrorCode::refused : ErrorCode::io, "cannot be written: " + reason, file.string());
    }
    if (flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
        return fail(ErrorCode::unavailable, "another mirror is writing to this copy; one at a time", file.string());
    }
    return lock;
}

FileLock::~FileLock() {
    if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace cvstroom::mirror
