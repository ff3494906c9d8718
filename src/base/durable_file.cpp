#include "base/durable_file.hpp"

#include <cerrno>
#include <cstring>

#include "base/file_descriptor.hpp"

namespace cvstroom {
namespace {

tl::unexpected<Error> failure(const char* what, const std::filesystem::path& file) {
    return fail(ErrorCode::io, std::string(what) + ": " + std::strerror(errno), file.string());
}

}  // namespace

Result<void> write_durably(const std::filesystem::path& file, std::span<const std::span<const std::byte>> pieces) {
    auto unfinished = file;
    unfinished += unfinished_suffix;
    const FileDescriptor descriptor(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
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

Result<void> write_durably(const std::filesystem::path& file, std::string_view text) {
    const auto piece = std::as_bytes(std::span(text));
    if (auto written = write_durably(file, std::span(&piece, 1)); !written) return written;
    return sync_folder(file.parent_path());
}

Result<void> sync_folder(const std::filesystem::path& folder) {
    const FileDescriptor descriptor(folder.empty() ? std::filesystem::path(".") : folder, O_RDONLY | O_DIRECTORY);
    if (!descriptor.is_open() || ::fsync(descriptor.number()) != 0) return failure("cannot be made durable", folder);
    return {};
}

}  // namespace cvstroom
