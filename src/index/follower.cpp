#include "index/follower.hpp"

#include <spdlog/spdlog.h>

#include "candidate/facts.hpp"
#include "index/rebuild.hpp"
#include "index/terms.hpp"
#include "store/document_codec.hpp"

namespace cvstroom::index {
namespace {

constexpr std::size_t batch_size = 2000;
constexpr auto poll_interval = std::chrono::milliseconds{250};
constexpr auto retry_interval = std::chrono::milliseconds{500};

}  // namespace

Follower::Follower(store::Store& store, Index& index, const reference::CurrentLists& lists)
    : store_(store), index_(index), lists_(lists) {}

Follower::~Follower() {
    stop();
}

Result<void> Follower::rebuild(const Progress& progress) {
    return rebuild_index(store_, index_, *lists_.get(), progress);
}

void Follower::start() {
    follower_ = std::thread([this] { follow(); });
    merger_ = std::thread([this] { merge_in_background(); });
}

void Follower::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    applied_.notify_all();
    merge_is_due_.notify_all();
    if (follower_.joinable()) follower_.join();
    if (merger_.joinable()) merger_.join();
}

bool Follower::wait_until_applied(store::Seq seq, std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return applied_.wait_for(lock, timeout, [&] { return stopping_ || index_.snapshot()->watermark >= seq; }) &&
           index_.snapshot()->watermark >= seq;
}

// A store that fails is asked again: the log does not run away, and the node goes on serving what it has.
void Follower::follow() {
    while (!stopping_) {
        const auto applied = index_.snapshot()->watermark;
        if (store_.wait_for_change(applied, poll_interval) <= applied) continue;
        if (const auto done = apply_next(); !done) {
            spdlog::error("following the change log after {}: {}", applied, to_string(done.error()));
            std::unique_lock lock(mutex_);
            applied_.wait_for(lock, retry_interval, [this] { return stopping_.load(); });
        }
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
    merge_is_due_.notify_one();
    return {};
}

void Follower::merge_in_background() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            merge_is_due_.wait(lock, [this] { return stopping_ || may_merge_; });
            if (stopping_) return;
            may_merge_ = false;
        }
        while (!stopping_ && index_.merge()) {
        }
    }
}

}  // namespace cvstroom::index
