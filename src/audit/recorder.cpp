#include "audit/recorder.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "audit/group.hpp"
#include "audit/queued_write.hpp"

namespace cvstroom::audit {
namespace {

constexpr std::chrono::milliseconds sync_interval{100};
constexpr std::chrono::seconds anchor_interval{10};
// At 30,000 details a second, one second of records.
constexpr std::uint64_t most_kept_ready = 8 * 1024 * 1024;

// A group of so many records costs hardly less a record when it is larger; and a loop that has always something to do
// must not keep those waiting who are in it.
constexpr std::uint64_t large_group = 256;
constexpr unsigned most_turns = 8;

class GroupRecorder final : public Recorder {
  public:
    GroupRecorder(std::unique_ptr<Journal> journal, Durability durability, std::uint64_t file_bytes,
                  store::AnchorStore& anchors, const Clock& clock)
        : journal_(std::move(journal)),
          durability_(durability),
          kept_ready_(std::min(most_kept_ready, file_bytes)),
          anchors_(anchors),
          clock_(clock),
          queue_(durability == Durability::group ? QueuedWrite::open() : nullptr),
          anchored_seal_(0) {
        publish_head();
        writer_ = std::thread([this] { write_groups(); });
        keeper_ = std::thread([this] { keep(); });
    }

    ~GroupRecorder() override {
        {
            const std::lock_guard lock(mutex_);
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

    void record(Entry entry, Done done, Executor* executor) override {
        entry.at = clock_.now();
        thread_local std::string line;
        line.clear();
        append_record(line, entry);
        const std::lock_guard lock(mutex_);
        Reader* const reader = executor == nullptr ? nullptr : &reader_of(*executor);
        next_.add(line, std::move(done), reader);
        if (reader != nullptr) {
            ask_by(*reader);
        } else {
            is_writer_wanted_ = true;
            work_.notify_one();
        }
    }

    Status status() const override {
        const std::lock_guard lock(state_mutex_);
        return status_;
    }

  private:
    // --- whose turn it is to write: under mutex_ ---

    Reader& reader_of(Executor& executor) {
        for (const auto& reader : readers_) {
            if (reader->executor.get() == &executor) return *reader;
        }
        Reader& added = *readers_.emplace_back(std::make_unique<Reader>(executor.shared_from_this()));
        if (queue_) executor.watch(queue_->eventfd(), [this, &added] { come_by(added); });
        return added;
    }

    // When it has done what is ready now: all of that goes into one group. And a few times more while that brings
    // records: a larger group costs less a record, and nobody waits for an idle thread.
    void ask_by(Reader& reader) {
        if (!std::exchange(reader.is_turn_due, true)) reader.executor->post([this, &reader] { take_turn(reader); });
    }

    bool may_grow(Reader& reader) const {
        const bool has_grown = std::exchange(reader.seen, next_.records) != next_.records;
        if (has_grown && next_.records < large_group && ++reader.turns < most_turns) return true;
        reader.turns = 0;
        return false;
    }

    void take_group() {
        is_busy_ = true;
        is_writer_wanted_ = false;
        std::swap(group_, next_);
    }

    void leave_to_writer() {
        has_writer_group_ = true;
        work_.notify_one();
    }

    // --- on an event loop's thread ---

    void take_turn(Reader& reader) {
        {
            const std::lock_guard lock(mutex_);
            reader.is_turn_due = false;
            if (is_busy_ || next_.records == 0) return;  // who is busy will ask again
            if (may_grow(reader)) return ask_by(reader);
            take_group();
        }
        const Instant now = clock_.now();
        if (durability_ == Durability::async && !has_sync_failed_ && journal_->is_at_hand(now)) {
            group_.let_go(write_group(group_));
            const std::lock_guard lock(mutex_);
            return end_turn();
        }
        const auto write = queue_ ? journal_->begin(group_.lines, group_.records, now) : std::nullopt;
        const bool is_submitted = write && queue_->submit(*write);
        {
            const std::lock_guard lock(mutex_);
            if (!is_submitted) return leave_to_writer();
            is_queued_ = true;
        }
        come_by(reader);  // it may have been done, and told, before that was known
    }

    // A write that was queued may be done. The first loop that is told settles it, and tells the others.
    void come_by(Reader& reader) {
        std::vector<Outcome> outcomes;
        {
            const std::lock_guard lock(mutex_);
            if (const auto is_written = is_queued_ ? queue_->poll() : std::nullopt) {
                settle(*is_written, &reader, reader.outcomes);
            }
            outcomes.swap(reader.outcomes);
        }
        for (const auto& outcome : outcomes) outcome.let_go();
    }

    // On the keeper's thread: a loop that could not watch, or that has ended, does not come by.
    void look_after_queued() {
        std::vector<Outcome> outcomes;
        {
            const std::lock_guard lock(mutex_);
            if (const auto is_written = is_queued_ ? queue_->poll() : std::nullopt) {
                settle(*is_written, nullptr, outcomes);
            }
        }
        for (const auto& outcome : outcomes) outcome.let_go();
    }

    // Under mutex_. `here`: what the caller lets go, its own and what is no loop's; `reader` is null for a caller that
    // is no loop. The writer tries what failed again, and tells what is wrong.
    void settle(bool is_written, Reader* reader, std::vector<Outcome>& here) {
        is_queued_ = false;
        if (!is_written) return leave_to_writer();
        const auto before = journal_->file()->end();
        journal_->end();
        publish_head();
        count_written(group_.records, journal_->file()->end() - before);
        for (auto& each : group_.waiting) {
            if (each.reader == nullptr || each.reader == reader) {
                here.push_back({std::move(each.done), true});
                continue;
            }
            Reader& to = *each.reader;
            to.outcomes.push_back({std::move(each.done), true});
            to.executor->post([this, &to] { come_by(to); });
        }
        group_.clear();
        end_turn();
    }

    // Under mutex_: whoever waits is asked again.
    void end_turn() {
        is_busy_ = false;
        if (is_writer_wanted_ || is_stopping_) return work_.notify_one();
        if (next_.records == 0) return;
        for (const auto& each : next_.waiting) ask_by(*each.reader);
    }

    // --- on the writer's thread: what takes more than a write, and what comes from no loop ---

    void write_groups() {
        std::unique_lock lock(mutex_);
        for (;;) {
            work_.wait(lock, [this] { return has_writer_work(); });
            if (is_queued_) {  // it stops, and no loop comes by any more
                is_queued_ = false;
                has_writer_group_ = true;
                queue_->wait();  // written once more below, at the same place
            } else if (!has_writer_group_) {
                if (next_.records == 0) return;
                take_group();
            }
            has_writer_group_ = false;
            lock.unlock();
            group_.let_go(write_group(group_));
            lock.lock();
            end_turn();
        }
    }

    bool has_writer_work() const {
        if (has_writer_group_ || (is_stopping_ && is_queued_)) return true;
        return !is_busy_ && (is_stopping_ || (is_writer_wanted_ && next_.records > 0));
    }

    bool write_group(const Group& group) {
        // After a failed sync the pages may be gone without a word: nothing is let go before a sync has succeeded.
        const bool is_durable = durability_ == Durability::group || has_sync_failed_;
        const auto before = journal_->file() ? journal_->file()->end() : 0;
        const auto done = journal_->append(group.lines, group.records, clock_.now(), is_durable);
        if (done) has_sync_failed_ = false;
        publish_head();
        const std::lock_guard lock(state_mutex_);
        if (!done) {
            if (status_.failure.empty()) spdlog::error("audit: {}; personal data is refused", to_string(done.error()));
            status_.failure = to_string(done.error());
            status_.failed += group.records;
            return false;
        }
        const auto after = journal_->file()->end();
        count(group.records, after > before ? after - before : after);
        return true;
    }

    void count_written(std::uint64_t records, std::uint64_t bytes) {
        const std::lock_guard lock(state_mutex_);
        count(records, bytes);
    }

    // Under state_mutex_.
    void count(std::uint64_t records, std::uint64_t bytes) {
        if (!status_.failure.empty()) spdlog::info("audit: records are written again");
        status_.failure.clear();
        status_.records += records;
        status_.groups += 1;
        status_.bytes += bytes;
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
            if (is_durable) synced = head.seal;
            look_after_queued();
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

    const std::unique_ptr<Journal> journal_;  // of whoever is busy
    const Durability durability_;
    const std::uint64_t kept_ready_;  // bytes behind the last record
    store::AnchorStore& anchors_;
    const Clock& clock_;

    std::mutex mutex_;
    std::condition_variable work_;                  // for the writer
    std::vector<std::unique_ptr<Reader>> readers_;  // the event loops that ever recorded
    Group next_;                                    // gathers
    bool is_busy_ = false;           // somebody has the journal and group_, which are not under the mutex then
    bool is_queued_ = false;         // … namely queue_; who settles it has them under the mutex
    bool has_writer_group_ = false;  // … namely the writer
    bool is_writer_wanted_ = false;  // some in next_ wait on no loop
    bool is_stopping_ = false;
    Group group_;                               // is being written
    const std::unique_ptr<QueuedWrite> queue_;  // null: the writer waits for the disk

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
    const auto anchored = anchors.anchors();
    if (!anchored) return tl::unexpected(anchored.error());
    auto journal = Journal::open(config.journal, key, *anchored);
    if (!journal) return tl::unexpected(journal.error());
    return std::make_unique<GroupRecorder>(std::move(*journal), config.durability, config.journal.file_bytes, anchors,
                                           clock);
}

}  // namespace cvstroom::audit
