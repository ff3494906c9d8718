#include "index/file_reader.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/file_descriptor.hpp"

namespace cvstroom::index {
namespace {

tl::unexpected<Error> failure(const char* what, const std::filesystem::path& file) {
    return fail(ErrorCode::io, std::string(what) + ": " + std::strerror(errno), file.string());
}

}  // namespace

Result<MemoryBlock> read_file(const std::filesystem::path& file) {
    const FileDescriptor descriptor(file, O_RDONLY);
    if (!descriptor.is_open() && errno == ENOENT) return fail(ErrorCode::not_found, "is not there", file.string());
    struct stat status {};
    if (!descriptor.is_open() || ::fstat(descriptor.number(), &status) != 0) return failure("cannot be opened", file);
    if (!S_ISREG(status.st_mode)) return fail(ErrorCode::io, "is no file", file.string());
    MemoryBlock block(static_cast<std::size_t>(status.st_size));
    if (!descriptor.read(block.bytes())) return failure("cannot be read", file);
    return block;
}

}  // namespace cvstroom::index
