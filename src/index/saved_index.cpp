#include "index/saved_index.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "base/durable_file.hpp"
#include "index/file_reader.hpp"
#include "index/segment_file.hpp"

namespace cvstroom::index {
namespace {

constexpr const char* manifest_name = "manifest";
constexpr const char* lock_name = "lock";

// The instant of the log's entry at `seq`: what tells this history from another one. Nothing when the log has no such
// entry (any more).
Result<std::optional<std::int64_t>> instant_at(store::Store& store, store::Seq seq) {
    const auto changes = store.changes_after(seq - 1, 1);
    if (!changes) return tl::unexpected(changes.error());
    if (changes->empty() || changes->front().seq != seq) return std::nullopt;
    return changes->front().instant.time_since_epoch().count();
}

Result<void> check_history(const Manifest& manifest, store::Store& store) {
    const auto other = [](std::string what) { return fail(ErrorCode::conflict, std::move(what)); };
    if (manifest.epoch != store.epoch()) return other("belongs to another history of the store (another epoch)");
    const auto head = store.head();
    if (!head) return tl::unexpected(head.error());
    if (manifest.watermark > head->seq) {
        return other(fmt::format("is ahead of the store (change {} of {}): a backup was restored", manifest.watermark,
                                 head->seq));
    }
    const auto instant = instant_at(store, manifest.watermark);
    if (!instant) return tl::unexpected(instant.error());
    if (*instant != manifest.instant) {
        return other(fmt::format("does not match the store's change {}: a backup was restored, or history compacted",
                                 manifest.watermark));
    }
    return {};
}

std::string_view name_of(const ExtensionKind* kind) {
    return kind == nullptr ? std::string_view() : kind->name();
}

// The codes must get the numbers that the segments know them by.
bool fill(Dictionary& dictionary, const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].empty() || names[i].size() > Dictionary::longest_code + 1) return false;
        const auto dimension = static_cast<Dimension>(names[i].front());
        if (dictionary.add(dimension, std::string_view(names[i]).substr(1)) != i) return false;
    }
    return true;
}

bool stand_in_log_order(const std::vector<Part>& parts, const Manifest& manifest) {
    store::Seq last = 0;
    for (const auto& part : parts) {
        if (part.segment->first_seq() <= last) return false;
        last = part.segment->last_seq();
        const auto codes = part.segment->codes();
        if (!codes.empty() && codes.back().code >= manifest.names.size()) return false;
    }
    return last <= manifest.watermark;
}

std::vector<Row> rows_of(const DeadRows& dead, Row size) {
    std::vector<Row> rows;
    if (dead.is_empty()) return rows;
    RowsView::of_bits(dead.words(), dead.size()).for_each(size, [&rows](Row row) { rows.push_back(row); });
    return rows;
}

}  // namespace

std::filesystem::path saved_index_folder(const std::filesystem::path& database) {
    auto folder = database;
    folder += ".index";
    return folder;
}

Result<std::unique_ptr<SavedIndex>> SavedIndex::open(std::filesystem::path folder, Access access) {
    if (access == Access::read) return std::unique_ptr<SavedIndex>(new SavedIndex(std::move(folder), -1));
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return fail(ErrorCode::io, std::string("cannot be made: ") + std::strerror(errno), folder.string());
    }
    int lock = ::open((folder / lock_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock >= 0 && ::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        lock = -1;
    }
    return std::unique_ptr<SavedIndex>(new SavedIndex(std::move(folder), lock));
}

SavedIndex::~SavedIndex() {
    if (lock_ >= 0) ::close(lock_);
}

Result<void> SavedIndex::load(Index& index, store::Store& store, std::uint64_t fingerprint) {
    const std::lock_guard lock(mutex_);
    const auto at = [this](Error error) {
        if (error.where.empty()) error.where = (folder_ / manifest_name).string();
        return tl::unexpected(std::move(error));
    };
    const auto content = read_file(folder_ / manifest_name);
    if (!content) return at(content.error());
    const auto manifest = decode_manifest(content->bytes());
    if (!manifest) return at(manifest.error());
    if (auto checked = check_history(*manifest, store); !checked) return at(checked.error());
    if (manifest->fingerprint != fingerprint)
        return at({ErrorCode::conflict, "was made with other code lists, or by another version of this program", {}});
    if (manifest->extension != name_of(index.extension()))
        return at({ErrorCode::conflict, "was made with another analysis of texts", {}});
    auto parts = read_parts(*manifest, index.extension());
    if (!parts) return at(parts.error());
    if (!stand_in_log_order(*parts, *manifest))
        return at({ErrorCode::corrupt, "names segments that do not belong together", {}});
    if (!fill(index.dictionary(), manifest->names)) return at({ErrorCode::corrupt, "has wrong codes", {}});
    index.install(std::move(*parts), manifest->watermark);
    return {};
}

Result<std::vector<Part>> SavedIndex::read_parts(const Manifest& manifest, const ExtensionKind* kind) {
    std::vector<Part> parts;
    for (const auto& saved : manifest.parts) {
        auto segment = read_segment(folder_, saved, kind);
        if (!segment) return tl::unexpected(segment.error());
        const Row size = (*segment)->size();
        if (std::adjacent_find(saved.dead.begin(), saved.dead.end(), std::greater_equal<>()) != saved.dead.end() ||
            (!saved.dead.empty() && saved.dead.back() >= size)) {
            return fail(ErrorCode::corrupt, "has dead rows outside of a segment", (folder_ / manifest_name).string());
        }
        auto dead = std::make_shared<DeadRows>();
        if (!saved.dead.empty()) *dead = dead->with(saved.dead, size);
        written_[segment->get()] = {*segment, saved};
        parts.push_back({std::move(*segment), std::move(dead), saved.erasures});
    }
    return parts;
}

Result<SavedPart> SavedIndex::write_once(const std::shared_ptr<const Segment>& segment, const ExtensionKind* kind) {
    // An address alone says nothing: another segment may have stood there.
    if (const auto known = written_.find(segment.get()); known != written_.end()) {
        if (known->second.segment.lock() == segment) return known->second.part;
    }
    auto part = write_segment(folder_, *segment, kind);
    if (part) written_[segment.get()] = {segment, *part};
    return part;
}

Result<void> SavedIndex::save(const Index& index, store::Store& store, std::uint64_t fingerprint) {
    const std::lock_guard lock(mutex_);
    if (!is_writable()) return fail(ErrorCode::refused, "another process has it for writing", folder_.string());
    std::erase_if(written_, [](const auto& each) { return each.second.segment.expired(); });
    const auto snapshot = index.snapshot();
    if (snapshot->watermark == 0) return {};
    const auto instant = instant_at(store, snapshot->watermark);
    if (!instant) return tl::unexpected(instant.error());
    if (!*instant) return {};  // history was compacted past what is applied: there is nothing to know it by
    Manifest manifest;
    manifest.epoch = store.epoch();
    manifest.watermark = snapshot->watermark;
    manifest.instant = **instant;
    manifest.fingerprint = fingerprint;
    manifest.extension = name_of(index.extension());
    for (const auto& part : snapshot->parts) {
        auto saved = write_once(part.segment, index.extension());
        if (!saved) return tl::unexpected(saved.error());
        saved->erasures = part.erasures;
        saved->dead = rows_of(*part.dead, part.segment->size());
        manifest.parts.push_back(std::move(*saved));
    }
    // After the snapshot: the dictionary only grows, so it has every code of it.
    manifest.names = index.dictionary().names();
    // The files' names first: the manifest must not be there before what it names.
    if (auto synced = sync_folder(folder_); !synced) return synced;
    const std::string bytes = encode(manifest);
    const auto piece = std::as_bytes(std::span(bytes));
    if (auto written = write_durably(folder_ / manifest_name, std::span(&piece, 1)); !written) return written;
    if (auto synced = sync_folder(folder_); !synced) return synced;
    remove_others(manifest);
    return sync_folder(folder_);
}

Result<void> SavedIndex::clear() {
    const std::lock_guard lock(mutex_);
    if (!is_writable()) return fail(ErrorCode::refused, "another process has it for writing", folder_.string());
    std::error_code error;
    std::filesystem::remove(folder_ / manifest_name, error);
    if (error) return fail(ErrorCode::io, error.message(), (folder_ / manifest_name).string());
    written_.clear();
    for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
        const auto extension = entry.path().extension();
        if (extension == ".segment" || extension == unfinished_suffix) std::filesystem::remove(entry.path(), error);
        if (error) return fail(ErrorCode::io, error.message(), entry.path().string());
    }
    return sync_folder(folder_);
}

void SavedIndex::remove_others(const Manifest& manifest) const {
    std::set<std::string> kept{manifest_name, lock_name};
    for (const auto& part : manifest.parts) kept.insert(part.file_name());
    std::error_code ignored;  // what cannot be removed now is removed the next time
    for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
        const auto extension = entry.path().extension();
        if (extension != ".segment" && extension != unfinished_suffix) continue;
        if (!kept.contains(entry.path().filename().string())) std::filesystem::remove(entry.path(), ignored);
    }
}

}  // namespace cvstroom::index
