#include "audit/durable.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace cvstroom::audit {

Result<void> sync_path(const std::filesystem::path& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_done = descriptor >= 0 && fsync(descriptor) == 0;
    const int error = errno;
    if (descriptor >= 0) close(descriptor);
    if (!is_done)
        return fail(ErrorCode::io, std::string("cannot be made durable: ") + std::strerror(error), path.string());
    return {};
}

Result<void> write_durably(const std::filesystem::path& path, const std::string& text) {
    const std::filesystem::path partial = path.string() + ".partial";
    std::ofstream output(partial, std::ios::binary | std::ios::trunc);
    std::error_code error;
    std::filesystem::permissions(partial, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                 error);
    if (!(output << text << std::flush)) return fail(ErrorCode::io, "cannot be written", partial.string());
    output.close();
    if (auto synced = sync_path(partial); !synced) return synced;
    std::filesystem::rename(partial, path, error);
    if (error) return fail(ErrorCode::io, error.message(), path.string());
    return sync_path(path.parent_path());
}

}  // namespace cvstroom::audit
