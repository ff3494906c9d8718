#include "audit/folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/text.hpp"

namespace cvstroom::audit {
namespace {

constexpr std::string_view prefix = "audit-";
constexpr std::string_view suffix = ".ndjson";

std::optional<std::uint64_t> number_in(const std::string& name) {
    if (!name.starts_with(prefix) || !name.ends_with(suffix) || name.size() <= prefix.size() + suffix.size()) return {};
    return parse_unsigned(std::string_view(name).substr(prefix.size(), name.size() - prefix.size() - suffix.size()));
}

}  // namespace

std::filesystem::path file_path(const std::filesystem::path& folder, std::uint64_t number) {
    return folder / fmt::format("{}{:06}{}", prefix, number, suffix);
}

Result<std::vector<AuditFile>> list_files(const std::filesystem::path& folder) {
    std::vector<AuditFile> files;
    std::error_code error;
    if (!std::filesystem::exists(folder, error)) return files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (const auto number = number_in(entry.path().filename().string())) files.push_back({*number, entry.path()});
    }
    if (error) return fail(ErrorCode::io, error.message(), folder.string());
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    return files;
}

Result<std::string> read_whole(const std::filesystem::path& file) {
    std::ifstream input(file, std::ios::binary);
    if (!input) return fail(ErrorCode::io, "cannot be read", file.string());
    std::string content{std::istreambuf_iterator<char>(input), {}};
    while (!content.empty() && content.back() == '\0') content.pop_back();
    return content;
}

Result<std::unique_ptr<FolderLock>> FolderLock::take(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail(ErrorCode::io, "the folder cannot be made: " + error.message(), folder.string());
    const int descriptor = open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fail(ErrorCode::io, std::string("cannot be written: ") + std::strerror(errno), folder.string());
    std::unique_ptr<FolderLock> lock(new FolderLock(descriptor));
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        return fail(ErrorCode::conflict, "another process records its audit here; give each its own --audit folder",
                    folder.string());
    }
    return lock;
}

FolderLock::~FolderLock() {
    close(descriptor_);
}

}  // namespace cvstroom::audit
