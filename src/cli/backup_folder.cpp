#include "cli/backup_folder.hpp"

#include <fcntl.h>
#include <simdjson.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/durable_file.hpp"
#include "base/file_descriptor.hpp"
#include "base/json_writer.hpp"

namespace cvstroom::cli {
namespace {

constexpr const char* manifest_name = "manifest.json";
constexpr std::size_t copy_bytes = 1024 * 1024;

tl::unexpected<Error> system_failure(const std::filesystem::path& file) {
    return fail(ErrorCode::io, std::strerror(errno), file.string());
}

std::optional<Sha256> digest_from(std::string_view hex) {
    Sha256 digest{};
    if (hex.size() != 2 * digest.size()) return std::nullopt;
    for (std::size_t i = 0; i < hex.size(); ++i) {
        const auto digit = std::string_view("0123456789abcdef").find(hex[i]);
        if (digit == std::string_view::npos) return std::nullopt;
        digest[i / 2] = static_cast<std::uint8_t>(digest[i / 2] << 4U | static_cast<unsigned>(digit));
    }
    return digest;
}

// Names stand for files in the backup's folder, and lead nowhere else.
bool is_plain_name(std::string_view name) {
    return !name.empty() && name.front() != '/' && name.find("..") == std::string_view::npos;
}

}  // namespace

Result<BackedUpFile> describe_file(const std::filesystem::path& folder, const std::string& name) {
    const auto path = folder / name;
    const FileDescriptor file(path, O_RDONLY);
    struct stat state {};
    if (!file.is_open() || fstat(file.number(), &state) != 0) return system_failure(path);
    const auto size = static_cast<std::size_t>(state.st_size);
    if (size == 0) return BackedUpFile{name, 0, sha256({})};
    void* bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number(), 0);
    if (bytes == MAP_FAILED) return system_failure(path);
    const Sha256 digest = sha256({static_cast<const char*>(bytes), size});
    munmap(bytes, size);
    return BackedUpFile{name, size, digest};
}

Result<void> write_manifest(const std::filesystem::path& folder, const Manifest& manifest) {
    std::string text;
    JsonWriter json(text);
    json.begin_object().member("cvstroomBackup", 1).member("taken", manifest.taken).member("epoch", manifest.epoch);
    json.member("seq", manifest.seq).key("files").begin_array();
    for (const auto& file : manifest.files) {
        json.begin_object().member("name", file.name).member("bytes", file.bytes);
        json.member("sha256", to_hex(file.digest)).end_object();
    }
    json.end_array().end_object();
    text += '\n';
    const auto path = folder / manifest_name;
    const FileDescriptor file(path, O_WRONLY | O_CREAT | O_EXCL);
    if (!file.is_open() || !file.write(std::as_bytes(std::span(text))) || fsync(file.number()) != 0) {
        return system_failure(path);
    }
    return sync_folder(folder);
}

Result<Manifest> read_manifest(const std::filesystem::path& folder) {
    const auto path = folder / manifest_name;
    const auto broken = [&] { return fail(ErrorCode::corrupt, "the backup's manifest cannot be read", path.string()); };
    std::error_code error;
    if (!std::filesystem::exists(path, error))
        return fail(ErrorCode::not_found, "this is no backup: it has no manifest.json", folder.string());
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    std::int64_t version = 0;
    if (parser.load(path.string()).get(root) != simdjson::SUCCESS ||
        root["cvstroomBackup"].get(version) != simdjson::SUCCESS) {
        return broken();
    }
    if (version != 1) return fail(ErrorCode::corrupt, "the backup was made by a newer program", path.string());
    Manifest manifest;
    std::string_view taken;
    std::string_view epoch;
    simdjson::dom::array files;
    if (root["taken"].get(taken) != simdjson::SUCCESS || root["epoch"].get(epoch) != simdjson::SUCCESS ||
        root["seq"].get(manifest.seq) != simdjson::SUCCESS || root["files"].get(files) != simdjson::SUCCESS) {
        return broken();
    }
    manifest.taken = taken;
    manifest.epoch = epoch;
    for (const auto entry : files) {
        BackedUpFile file;
        std::string_view name;
        std::string_view digest;
        if (entry["name"].get(name) != simdjson::SUCCESS || entry["bytes"].get(file.bytes) != simdjson::SUCCESS ||
            entry["sha256"].get(digest) != simdjson::SUCCESS || !digest_from(digest) || !is_plain_name(name)) {
            return broken();
        }
        file.name = name;
        file.digest = *digest_from(digest);
        manifest.files.push_back(std::move(file));
    }
    return manifest;
}

Result<void> check_files(const std::filesystem::path& folder, const Manifest& manifest) {
    for (const auto& expected : manifest.files) {
        const auto found = describe_file(folder, expected.name);
        if (!found) return tl::unexpected(found.error());
        if (found->bytes != expected.bytes || found->digest != expected.digest) {
            return fail(ErrorCode::corrupt, "is not what was backed up: its digest differs",
                        (folder / expected.name).string());
        }
    }
    return {};
}

Result<void> copy_file_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
    const FileDescriptor source(from, O_RDONLY);
    if (!source.is_open()) return system_failure(from);
    const FileDescriptor target(to, O_WRONLY | O_CREAT | O_EXCL);
    if (!target.is_open()) return system_failure(to);
    std::string buffer(copy_bytes, '\0');
    for (;;) {
        const auto size = ::read(source.number(), buffer.data(), buffer.size());
        if (size < 0) return system_failure(from);
        if (size == 0) break;
        if (!target.write(std::as_bytes(std::span(buffer).first(static_cast<std::size_t>(size)))))
            return system_failure(to);
    }
    if (fsync(target.number()) != 0) return system_failure(to);
    return {};
}

}  // namespace cvstroom::cli
