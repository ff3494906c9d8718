#include "audit/journal.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace cvstroom::audit {
namespace {

// Up to which seal of the chain the database knows it to be durable.
std::uint64_t anchored_seal(std::span<const store::AuditAnchor> anchors, const Uuid& chain) {
    const auto anchor = std::ranges::find(anchors, chain, &store::AuditAnchor::chain);
    return anchor == anchors.end() ? 0 : anchor->seal;
}

// What is wrong with a file, in words; empty when it may be gone on with.
std::string damage_of(const Scan& scan, std::uint64_t anchored) {
    if (!scan.fault.empty()) return fmt::format("line {}: {}", scan.fault_line, scan.fault);
    const std::uint64_t last = scan.last ? scan.last->number : 0;
    if (anchored <= last) return {};
    return fmt::format("the database remembers seal {}, and the last one here is {}", anchored, last);
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(const JournalConfig& config, const Key& key,
                                               std::span<const store::AuditAnchor> anchors) {
    auto lock = FolderLock::take(config.folder);
    if (!lock) return tl::unexpected(lock.error());
    std::unique_ptr<Journal> journal(new Journal(config, key, std::move(*lock)));
    if (const auto recovered = journal->recover(anchors); !recovered) return tl::unexpected(recovered.error());
    return journal;
}

// The files behind the last sealed one were begun and never sealed, unless something is missing: nothing of them was
// answered.
Result<void> Journal::recover(std::span<const store::AuditAnchor> anchors) {
    const auto files = list_files(config_.folder);
    if (!files) return tl::unexpected(files.error());
    if (!files->empty()) file_number_ = files->back().number;
    std::vector<AuditFile> begun;
    bool is_evidence = false;
    for (auto last = files->rbegin(); last != files->rend(); ++last) {
        const auto content = read_whole(last->path);
        if (!content) return tl::unexpected(content.error());
        const Scan scan = scan_file(*content, key_, {});
        if (scan.last || !scan.fault.empty()) return go_on_from(*last, scan, begun, anchors);
        is_evidence = is_evidence || (scan.header ? anchored_seal(anchors, scan.header->chain) > 0 : !anchors.empty());
        begun.push_back(*last);
    }
    head_.chain = Uuid::random();
    if (!is_evidence) return drop(begun);
    spdlog::error(
        "{}: nothing in it can be read, and the database remembers seals; a new file is begun (see "
        "'cvstroom audit --verify')",
        files->front().path.string());
    return {};
}

Result<void> Journal::drop(const std::vector<AuditFile>& begun) {
    for (const auto& file : begun) {
        std::error_code error;
        if (!std::filesystem::remove(file.path, error)) return fail(ErrorCode::io, error.message(), file.path.string());
        file_number_ = file.number - 1;
    }
    return {};
}

Result<void> Journal::go_on_from(const AuditFile& file, const Scan& scan, const std::vector<AuditFile>& begun,
                                 std::span<const store::AuditAnchor> anchors) {
    head_ = {scan.header ? scan.header->chain : Uuid::random(), scan.last ? scan.last->number : 0,
             scan.last ? scan.last->code : Sha256{}};
    const std::uint64_t anchored = anchored_seal(anchors, head_.chain);
    if (const auto damage = damage_of(scan, anchored); !damage.empty()) {
        spdlog::error("{}: {}; a new file is begun (see 'cvstroom audit --verify')", file.path.string(), damage);
        head_.seal = std::max(head_.seal, anchored);  // what is missing leaves a gap that does not close again
        return {};
    }
    if (auto dropped = drop(begun); !dropped) return dropped;
    file_number_ = file.number;
    if (scan.is_closed()) return {};
    if (scan.unfinished > 0) {
        spdlog::warn("{}: {} bytes of an unfinished group are dropped; nothing of it was answered", file.path.string(),
                     scan.unfinished);
    }
    auto reopened = GroupFile::reopen(file.path, scan.end);
    if (!reopened) return tl::unexpected(reopened.error());
    file_ = std::move(*reopened);
    opened_ = scan.header->opened;
    return {};
}

bool Journal::must_rotate(Instant now) const {
    using std::chrono::days;
    const bool is_other_day = std::chrono::floor<days>(now) > std::chrono::floor<days>(opened_);
    return header_.empty() && (file_->end() >= config_.file_bytes || is_other_day);
}

Result<void> Journal::begin_file(Instant now) {
    auto created = GroupFile::create(file_path(config_.folder, file_number_ + 1));
    if (!created) return tl::unexpected(created.error());
    file_ = std::move(*created);
    ++file_number_;
    opened_ = now;
    header_.clear();
    append_header(header_, {head_.chain, file_number_, now, head_.code});
    return {};
}

Result<void> Journal::close_file() {
    group_.clear();
    if (auto written = write_group({head_.seal + 1, 0, true, {}}, true); !written) return written;
    if (const auto cut = file_->finish(); !cut) spdlog::warn("{}", to_string(cut.error()));  // zeros stay at its end
    file_.reset();
    return {};
}

Result<void> Journal::append(std::string_view lines, std::uint64_t records, Instant now, bool is_durable) {
    if (file_ && must_rotate(now)) {
        if (auto closed = close_file(); !closed) return closed;
    }
    if (!file_) {
        if (auto begun = begin_file(now); !begun) return begun;
    }
    group_ = header_;
    group_ += lines;
    return write_group({head_.seal + 1, records, false, {}}, is_durable);
}

std::optional<GroupFile::DirectWrite> Journal::begin(std::string_view lines, std::uint64_t records, Instant now) {
    if (!is_at_hand(now)) return std::nullopt;
    group_ = lines;
    seal_group({head_.seal + 1, records, false, {}});
    return file_->prepare(group_);
}

// Seals what stands in group_.
void Journal::seal_group(Seal seal) {
    append_seal_opening(group_, seal);
    seal.code = seal_code(sealing_, head_.code, group_);
    append_seal_code(group_, seal.code);
    seal_ = seal;
}

Result<void> Journal::write_group(Seal seal, bool is_durable) {
    seal_group(seal);
    const auto done = file_->write(group_, is_durable);
    if (!done) {
        if (const auto taken_back = file_->discard(); !taken_back) spdlog::error("{}", to_string(taken_back.error()));
        return done;
    }
    accept_group();
    return {};
}

void Journal::accept_group() {
    file_->accept(group_);
    header_.clear();
    head_.seal = seal_.number;
    head_.code = seal_.code;
}

Result<void> Journal::finish() {
    if (!file_) return {};
    return file_->finish();
}

}  // namespace cvstroom::audit
