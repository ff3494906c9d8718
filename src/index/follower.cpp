#include "index/follower.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/scheduling.hpp"
#include "candidate/facts.hpp"
#include "index/rebuild.hpp"
#include "index/terms.hpp"
#include "store/document_codec.hpp"

namespace cvstroom::index {
namespace {

constexpr std::size_t batch_size = 2000;
constexpr auto poll_interval = std::chrono::milliseconds{250};
constexpr auto retry_interval = std::chrono::milliseconds{500};
constexpr auto shortest_wait = std::chrono::milliseconds{10};
constexpr int background_niceness = 10;  // who waits for an answer goes before a merge, which nobody waits for

}  // namespace

Follower::Follower(store::Store& store, Index& index, const reference::CurrentLists& lists, SavedIndex* saved,
                   FollowerTimes times)
    : store_(store), index_(index), lists_(lists), saved_(saved), times_(times) {}

Follower::~Follower() {
    stop();
}

Result<void> Follower::open(const Progress& progress) {
    if (saved_ != nullptr) {
        const auto loaded = open_saved();
        if (loaded) return {};
        if (loaded.error().code == ErrorCode::not_found && loaded.error().where.ends_with("manifest")) {
            spdlog::info("no saved index yet: building it from the store");
        } else {
            spdlog::warn("the saved index cannot be used, so it is built anew from the store: {}",
                         to_string(loaded.error()));
        }
    }
    return rebuild(progress);
}

Result<void> Follower::open_saved() {
    fingerprint_ = indexing_fingerprint(*lists_.get());
    if (auto loaded = saved_->load(index_, store_, fingerprint_); !loaded) return loaded;
    saved_watermark_ = index_.snapshot()->watermark;
    return catch_up();
}

// The rest of the log; then the index must have as many CVs as the store publishes. Other processes may write
// meanwhile: only a head that stands where the index does can tell.
Result<void> Follower::catch_up() {
    for (;;) {
        const auto head = store_.head();
        if (!head) return tl::unexpected(head.error());
        const auto snapshot = index_.snapshot();
        if (snapshot->watermark >= head->seq) {
            if (snapshot->watermark > head->seq || snapshot->live() == head->published) return {};
            return fail(ErrorCode::corrupt,
                        fmt::format("has {} CVs where the store has {}", snapshot->live(), head->published),
                        saved_->folder().string());
        }
        if (auto applied = apply_next(); !applied) return applied;
        while (index_.merge()) {
        }
    }
}

Result<void> Follower::rebuild(const Progress& progress) {
    const auto lists = lists_.get();
    fingerprint_ = indexing_fingerprint(*lists);
    auto rebuilt = rebuild_index(store_, index_, *lists, progress);
    malloc_trim(0);  // what its threads have given back: the heaps would keep some 1.7 KB a CV
    return rebuilt;
}

void Follower::start() {
    follower_ = std::thread([this] { follow(); });
    worker_ = std::thread([this] { work_in_background(); });
}

void Follower::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    applied_.notify_all();
    work_is_due_.notify_all();
    if (follower_.joinable()) follower_.join();
    if (!worker_.joinable()) return;
    worker_.join();
    if (const auto done = save(); !done) spdlog::error("saving the index: {}", to_string(done.error()));
}

bool Follower::wait_until_applied(store::Seq seq, std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return applied_.wait_for(lock, timeout, [&] { return stopping_ || index_.snapshot()->watermark >= seq; }) &&
           index_.snapshot()->watermark >= seq;
}

// A store that fails is asked again: the log does not run away, and the node goes on serving what it has.
void Follower::follow() {
    const auto wait = [this](std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        applied_.wait_for(lock, time, [this] { return stopping_.load(); });
    };
    while (!stopping_) {
        const auto applied = index_.snapshot()->watermark;
        if (store_.wait_for_change(applied, poll_interval) <= applied) continue;
        const auto done = apply_next();
        if (!done) spdlog::error("following the change log after {}: {}", applied, to_string(done.error()));
        wait(done ? times_.between_batches : retry_interval);
    }
}

Result<void> Follower::apply_next() {
    const auto changes = store_.changes_after(index_.snapshot()->watermark, batch_size);
    if (!changes) return tl::unexpected(changes.error());
    if (changes->empty()) return {};
    const auto lists = lists_.get();
    candidate::FactReader reader;
    std::vector<Entry> entries;
    entries.reserve(changes->size());
    for (const auto& change : *changes) {
        Entry entry{change, {}, change.superseded_by == 0};
        if (entry.counts && change.status == candidate::Status::open) {
            const auto frame = store_.document(change.seq);
            if (!frame) return tl::unexpected(frame.error());
            // Superseded between the two reads: the entry that did it follows in a later batch.
            entry.counts = frame->has_value();
            if (entry.counts) {
                const auto done = read_document(**frame, *lists, index_, reader, entry.document);
                if (!done) return tl::unexpected(done.error());
            }
        }
        entries.push_back(std::move(entry));
    }
    index_.apply(entries, changes->back().seq);
    {
        const std::lock_guard lock(mutex_);
        may_merge_ = true;
    }
    applied_.notify_all();
    work_is_due_.notify_one();
    return {};
}

void Follower::work_in_background() {
    give_way(background_niceness);
    for (;;) {
        wait_for_work();
        if (stopping_) return;
        while (!stopping_ && index_.merge()) {
        }
        purge_when_due();
        save_when_due();
    }
}

void Follower::wait_for_work() {
    const auto longest = std::min(times_.between_saves, times_.erased_kept);
    std::unique_lock lock(mutex_);
    work_is_due_.wait_for(lock, std::max(longest, shortest_wait), [this] { return stopping_ || may_merge_; });
    may_merge_ = false;
}

void Follower::purge_when_due() {
    const auto snapshot = index_.snapshot();
    const bool has_erased =
        std::any_of(snapshot->parts.begin(), snapshot->parts.end(), [](const Part& part) { return part.erasures > 0; });
    const auto now = std::chrono::steady_clock::now();
    if (!has_erased) {
        erased_since_.reset();
    } else if (!erased_since_) {
        erased_since_ = now;
    } else if (now - *erased_since_ >= times_.erased_kept) {
        erased_since_.reset();
        if (const auto done = purge(); !done) {
            spdlog::error("removing erased CVs from the saved index: {}", to_string(done.error()));
        }
    }
}

void Follower::save_when_due() {
    const auto now = std::chrono::steady_clock::now();
    if (now - saved_at_ < times_.between_saves || index_.snapshot()->watermark == saved_watermark_) return;
    saved_at_ = now;
    if (const auto done = save(); !done) spdlog::error("saving the index: {}", to_string(done.error()));
}

Result<void> Follower::save() {
    if (saved_ == nullptr || !saved_->is_writable() || indexing_fingerprint(*lists_.get()) != fingerprint_) return {};
    const auto watermark = index_.snapshot()->watermark;
    if (auto saved = saved_->save(index_, store_, fingerprint_); !saved) return saved;
    saved_watermark_ = watermark;
    return {};
}

Result<void> Follower::purge() {
    index_.purge();
    if (indexing_fingerprint(*lists_.get()) != fingerprint_) return forget_saved();
    return save();
}

Result<void> Follower::forget_saved() {
    return saved_ == nullptr || !saved_->is_writable() ? Result<void>{} : saved_->clear();
}

}  // namespace cvstroom::index
