#include "audit/recorder.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace cvstroom::audit {
namespace {

constexpr std::chrono::milliseconds sync_interval{100};
constexpr std::chrono::seconds anchor_interval{10};
// At 30,000 details a second, one second of records.
constexpr std::uint64_t most_kept_ready = 8 * 1024 * 1024;

struct Pending {
    Entry entry;
    Recorder::Done done;
};

class GroupRecorder final : public Recorder {
  public:
    GroupRecorder(std::unique_ptr<Journal> journal, Durability durability, std::uint64_t file_bytes,
                  store::AnchorStore& anchors, const Clock& clock)
        : journal_(std::move(journal)),
          durability_(durability),
          kept_ready_(std::min(most_kept_ready, file_bytes)),
          anchors_(anchors),
          clock_(clock),
          anchored_seal_(0) {
        publish_head();
        writer_ = std::thread([this] { write_groups(); });
        keeper_ = std::thread([this] { keep(); });
    }

    ~GroupRecorder() override {
        {
            const std::lock_guard lock(queue_mutex_);
            is_stopping_ = true;
        }
        work_.notify_all();
        writer_.join();
        {
            const std::lock_guard lock(state_mutex_);
            is_keeper_stopping_ = true;
        }
        keeper_wakes_.notify_all();
        keeper_.join();
        if (const auto finished = journal_->finish(); !finished) {
            spdlog::error("audit: {}", to_string(finished.error()));
        } else {
            anchor(journal_->head());
        }
    }

    void record(Entry entry, Done done) override {
        entry.at = clock_.now();
        bool is_first = false;
        {
            const std::lock_guard lock(queue_mutex_);
            is_first = queue_.empty();
            queue_.push_back({std::move(entry), std::move(done)});
        }
        if (is_first) work_.notify_one();
    }

    Status status() const override {
        const std::lock_guard lock(state_mutex_);
        return status_;
    }

  private:
    void write_groups() {
        std::vector<Pending> group;
        std::vector<const Entry*> entries;
        for (;;) {
            {
                std::unique_lock lock(queue_mutex_);
                work_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
                if (queue_.empty()) return;
                group.swap(queue_);
            }
            entries.clear();
            for (const auto& pending : group) entries.push_back(&pending.entry);
            const bool is_recorded = write_group(entries);
            for (const auto& pending : group) pending.done(is_recorded);
            group.clear();
        }
    }

    bool write_group(const std::vector<const Entry*>& entries) {
        // After a failed sync the pages may be gone without a word: nothing is let go before a sync has succeeded.
        const bool is_durable = durability_ == Durability::group || has_sync_failed_;
        const auto before = journal_->file() ? journal_->file()->end() : 0;
        const auto done = journal_->append(entries, clock_.now(), is_durable);
        if (done) has_sync_failed_ = false;
        publish_head();
        const std::lock_guard lock(state_mutex_);
        if (!done) {
            if (status_.failure.empty()) spdlog::error("audit: {}; personal data is refused", to_string(done.error()));
            status_.failure = to_string(done.error());
            status_.failed += entries.size();
            return false;
        }
        if (!status_.failure.empty()) spdlog::info("audit: records are written again");
        status_.failure.clear();
        status_.records += entries.size();
        status_.groups += 1;
        const auto after = journal_->file()->end();
        status_.bytes += after > before ? after - before : after;
        return true;
    }

    void publish_head() {
        const std::lock_guard lock(state_mutex_);
        head_ = journal_->head();
        file_ = journal_->file();
    }

    // Makes room ahead of the records, syncs behind the answers when they do not wait for it, and anchors the head now
    // and then.
    void keep() {
        auto next_anchor = std::chrono::steady_clock::now() + anchor_interval;
        std::uint64_t synced = 0;
        std::unique_lock lock(state_mutex_);
        while (!keeper_wakes_.wait_for(lock, sync_interval, [this] { return is_keeper_stopping_; })) {
            const auto file = file_;
            const auto head = head_;
            lock.unlock();
            if (file) make_ready(*file);
            const bool must_sync = durability_ == Durability::async && file && head.seal != synced;
            const bool is_durable = !must_sync || sync(*file);
            synced = head.seal;
            // Only what is durable is anchored: a power cut must not look like a file that was cut.
            if (is_durable && std::chrono::steady_clock::now() >= next_anchor) {
                anchor(head);
                next_anchor = std::chrono::steady_clock::now() + anchor_interval;
            }
            lock.lock();
        }
    }

    // Without it, groups make their own room, and are durable later.
    void make_ready(GroupFile& file) {
        if (const auto done = file.keep_ready(kept_ready_); !done) spdlog::warn("audit: {}", to_string(done.error()));
    }

    bool sync(GroupFile& file) {
        const auto done = file.sync();
        if (done) return true;
        has_sync_failed_ = true;
        spdlog::error("audit: {}", to_string(done.error()));
        return false;
    }

    // On the keeper's thread, or when it has stopped.
    void anchor(const Journal::Head& head) {
        if (head.seal == anchored_seal_) return;
        const auto saved = anchors_.save_anchor({head.chain, head.seal, head.code, clock_.now()});
        if (saved) {
            anchored_seal_ = head.seal;
        } else {
            spdlog::warn("the audit's head could not be anchored, which is tried again: {}", to_string(saved.error()));
        }
    }

    const std::unique_ptr<Journal> journal_;  // the writer's, after the start
    const Durability durability_;
    const std::uint64_t kept_ready_;  // bytes behind the last record
    store::AnchorStore& anchors_;
    const Clock& clock_;

    std::mutex queue_mutex_;
    std::condition_variable work_;
    std::vector<Pending> queue_;
    bool is_stopping_ = false;

    mutable std::mutex state_mutex_;
    std::condition_variable keeper_wakes_;
    bool is_keeper_stopping_ = false;
    Status status_;
    Journal::Head head_;
    std::shared_ptr<GroupFile> file_;
    std::atomic<bool> has_sync_failed_ = false;
    std::uint64_t anchored_seal_;  // the keeper's

    std::thread writer_;
    std::thread keeper_;
};

}  // namespace

Result<std::unique_ptr<Recorder>> Recorder::open(const RecorderConfig& config, const Key& key,
                                                 store::AnchorStore& anchors, const Clock& clock) {
    auto journal = Journal::open(config.journal, key);
    if (!journal) return tl::unexpected(journal.error());
    return std::make_unique<GroupRecorder>(std::move(*journal), config.durability, config.journal.file_bytes, anchors,
                                           clock);
}

}  // namespace cvstroom::audit
