#include "mirror/ndjson/bucket_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <system_error>

#include "base/json_writer.hpp"

namespace cvstroom::mirror {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_errno(const fs::path& path) {
    const int number = errno;
    const bool is_denied = number == EACCES || number == EROFS || number == EPERM;
    const auto reason = number == ENOSPC ? "the disk is full; make room and start again, it goes on from there"
                                         : std::generic_category().message(number);
    throw NdjsonFault(is_denied ? ErrorCode::refused : ErrorCode::io, path.string() + ": " + reason);
}

class File {
  public:
    File(const fs::path& path, int flags) : path_(path), descriptor_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {
        if (descriptor_ < 0) throw_errno(path);
    }
    ~File() { close(descriptor_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    int descriptor() const { return descriptor_; }
    void write(std::string_view bytes, std::uint64_t at) {
        while (!bytes.empty()) {
            const auto count = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) throw_errno(path_);
            bytes.remove_prefix(static_cast<std::size_t>(count));
            at += static_cast<std::uint64_t>(count);
        }
    }
    void cut(std::uint64_t length) {
        if (ftruncate(descriptor_, static_cast<off_t>(length)) != 0) throw_errno(path_);
    }
    std::string read(std::uint64_t length) const {
        std::string bytes(length, '\0');
        std::uint64_t at = 0;
        while (at < length) {
            const auto count = pread(descriptor_, bytes.data() + at, length - at, static_cast<off_t>(at));
            if (count < 0) throw_errno(path_);
            if (count == 0)
                throw NdjsonFault(ErrorCode::corrupt,
                                  path_.string() + ": shorter than state.json says; mirror into a new folder");
            at += static_cast<std::uint64_t>(count);
        }
        return bytes;
    }

  private:
    fs::path path_;
    int descriptor_;
};

}  // namespace

BucketFiles::BucketFiles(fs::path folder, bool may_write, SyncFolder sync)
    : folder_(std::move(folder)), sync_folder_(std::move(sync)) {
    if (may_write) {
        std::error_code error;
        fs::create_directories(folder_, error);
        if (error) {
            errno = error.value();
            throw_errno(folder_);
        }
    }
    if (fs::exists(folder_ / "state.json")) {
        read_state();
    } else {
        for (const auto& entry : fs::directory_iterator(folder_)) {
            const auto name = entry.path().filename().string();
            if (name == "lock" || name == "state.json.new" || name.starts_with("cv-")) continue;
            throw NdjsonFault(ErrorCode::conflict,
                              folder_.string() + ": holds something else; give a folder that is empty or not there");
        }
    }
    if (!may_write) return;
    // Whoever put this state here may have been stopped before its name was durable: see commit().
    this->sync();
    remove_strays();
}

void BucketFiles::sync() const {
    if (const auto synced = sync_folder_(folder_); !synced)
        throw NdjsonFault(synced.error().code, to_string(synced.error()));
}

fs::path BucketFiles::path_of(std::size_t bucket, std::uint64_t serial) const {
    return folder_ / fmt::format("cv-{:02x}.{}.ndjson", bucket, serial);
}

void BucketFiles::read_state() {
    namespace dom = simdjson::dom;
    dom::parser parser;
    dom::object object;
    dom::array files;
    dom::object state;
    std::uint64_t format = 0;
    const auto is_read = parser.load((folder_ / "state.json").string()).get(object) == simdjson::SUCCESS;
    if (!is_read || object["format"].get(format) != simdjson::SUCCESS || format != 1 ||
        object["files"].get(files) != simdjson::SUCCESS || object["state"].get(state) != simdjson::SUCCESS) {
        throw NdjsonFault(ErrorCode::conflict,
                          (folder_ / "state.json").string() + ": not of this format; mirror into a new folder");
    }
    for (const dom::element entry : files) {
        std::uint64_t bucket = 0;
        std::uint64_t serial = 0;
        std::uint64_t bytes = 0;
        if (entry["bucket"].get(bucket) != simdjson::SUCCESS || entry["serial"].get(serial) != simdjson::SUCCESS ||
            entry["bytes"].get(bytes) != simdjson::SUCCESS || bucket >= bucket_count) {
            throw NdjsonFault(ErrorCode::corrupt,
                              (folder_ / "state.json").string() + ": an entry of 'files' cannot be read");
        }
        buckets_[bucket] = {serial, bytes};
    }
    for (const auto& member : state) {
        std::string_view value;
        if (member.value.get(value) == simdjson::SUCCESS) members_.emplace_back(member.key, value);
    }
}

// What a mirror that was killed wrote and did not commit.
void BucketFiles::remove_strays() const {
    for (const auto& entry : fs::directory_iterator(folder_)) {
        const auto name = entry.path().filename().string();
        if (!name.starts_with("cv-") || !name.ends_with(".ndjson")) continue;
        unsigned bucket = 0;
        unsigned long long serial = 0;
        const bool is_ours =
            std::sscanf(name.c_str(), "cv-%2x.%llu.ndjson", &bucket, &serial) == 2 && bucket < bucket_count;
        if (is_ours && buckets_[bucket].serial == serial) {
            File(entry.path(), O_RDWR).cut(buckets_[bucket].bytes);
        } else if (is_ours) {
            fs::remove(entry.path());
        }
    }
}

void BucketFiles::each_line(std::size_t bucket, const std::function<void(std::string_view)>& visit) const {
    const auto& place = buckets_[bucket];
    if (place.bytes == 0) return;
    const std::string content = File(path_of(bucket, place.serial), O_RDONLY).read(place.bytes);
    std::string_view rest = content;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        if (end == std::string_view::npos)
            throw NdjsonFault(ErrorCode::corrupt,
                              path_of(bucket, place.serial).string() + ": its last line has no end");
        visit(rest.substr(0, end + 1));
        rest.remove_prefix(end + 1);
    }
}

std::string BucketFiles::render(const std::array<Bucket, bucket_count>& buckets, const Members& members) const {
    std::string text;
    JsonWriter json(text);
    json.begin_object().member("format", 1).key("files").begin_array();
    for (std::size_t i = 0; i < bucket_count; ++i) {
        if (buckets[i].bytes == 0) continue;
        json.begin_object().member("name", path_of(i, buckets[i].serial).filename().string()).member("bucket", i);
        json.member("serial", buckets[i].serial).member("bytes", buckets[i].bytes).end_object();
    }
    json.end_array().key("state").begin_object();
    for (const auto& [name, value] : members) json.member(name, value);
    json.end_object().end_object();
    return text + "\n";
}

void BucketFiles::commit(const std::set<std::size_t>& changed, const std::function<Change(std::size_t)>& change_of,
                         Members members) {
    assert(is_certain_);
    auto next = buckets_;
    std::vector<fs::path> replaced;
    for (const auto i : changed) {
        const Change change = change_of(i);
        auto& bucket = next[i];
        if (change.is_rewritten || bucket.serial == 0) {
            if (bucket.serial != 0) replaced.push_back(path_of(i, bucket.serial));
            ++bucket.serial;
            bucket.bytes = 0;
        }
        if (change.appended.empty()) continue;
        File file(path_of(i, bucket.serial), O_WRONLY | O_CREAT);
        file.cut(bucket.bytes);
        file.write(change.appended, bucket.bytes);
        bucket.bytes += change.appended.size();
    }
    const auto beside = folder_ / "state.json.new";
    {
        const auto text = render(next, members);
        File file(beside, O_WRONLY | O_CREAT | O_TRUNC);
        file.write(text, 0);
        // One call for all files of the batch, and the folder's own entries.
        if (syncfs(file.descriptor()) != 0) throw_errno(beside);
    }
    is_certain_ = false;
    if (rename(beside.c_str(), (folder_ / "state.json").c_str()) != 0) throw_errno(folder_ / "state.json");
    // Before the files that the old state names are removed: a power cut must not bring that state back without them.
    sync();
    buckets_ = next;
    members_ = std::move(members);
    is_certain_ = true;
    std::error_code ignored;  // a file that cannot be removed now is a stray at the next start
    for (const auto& path : replaced) fs::remove(path, ignored);
}

}  // namespace cvstroom::mirror
