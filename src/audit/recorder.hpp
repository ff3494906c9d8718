// Records disclosures before they are made: an answer leaves when its record is durable.
//
// Callers hand in a record with what is to happen then. One thread takes all that waits, writes it as one group, makes
// it durable with one write, and lets the whole group go. While it does, the next group gathers: a busy server spreads
// the cost of a disk over many answers, an idle one waits for its one record. What can be done on the caller's thread
// is done there, and what waits goes back there: memory that another thread frees costs more than the record itself.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "audit/entry.hpp"
#include "audit/journal.hpp"
#include "base/executor.hpp"
#include "store/anchor_store.hpp"

namespace cvstroom::audit {

enum class Durability {
    group,  // on disk before the answer leaves: nothing that was answered is lost, whatever crashes
    async,  // with the operating system before the answer leaves, on disk within a tenth of a second: a kill -9 loses
            // nothing that was answered, a power cut at most that tenth
};

struct RecorderConfig {
    JournalConfig journal;
    Durability durability = Durability::group;
};

// Thread-safe.
class Recorder {
  public:
    // `anchors` and `clock` outlive the recorder. Errors as of Journal::open().
    static Result<std::unique_ptr<Recorder>> open(const RecorderConfig& config, const Key& key,
                                                  store::AnchorStore& anchors, const Clock& clock);
    // Finishes what was handed in, and anchors the chain's head in the store.
    virtual ~Recorder() = default;

    // Called once: with true when the record is durable, with false when it could not be written; then nothing of the
    // CVs may be given out. By `executor`, which lives as long as `done` does and gets a whole group at once; or, where
    // there is none, on the recorder's thread: then it must be quick, and must not call record().
    using Done = std::function<void(bool is_recorded)>;
    virtual void record(Entry entry, Done done, Executor* executor = nullptr) = 0;

    struct Status {
        std::uint64_t records = 0;
        std::uint64_t groups = 0;
        std::uint64_t failed = 0;  // records that could not be written
        std::uint64_t bytes = 0;
        std::string failure;  // why the last group failed; empty when it did not
    };
    virtual Status status() const = 0;
};

}  // namespace cvstroom::audit
