// The index: a list of segments that grows at its end with every batch of changes, and is merged in the background.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "index/dictionary.hpp"
#include "index/merge_policy.hpp"
#include "index/snapshot_cell.hpp"

namespace cvstroom::index {

// One log entry, ready to be applied.
struct Entry {
    store::Change change;
    DocumentTerms document;  // of an OPEN version that is still current; otherwise empty
    // False for a version that a later one superseded already: it changes nothing, so that the CV never vanishes
    // from search between its old version and its newest one.
    bool counts = true;
};

// All of it may be called from any thread. Readers are never blocked; changes wait for each other, for microseconds;
// merges wait for each other.
class Index {
  public:
    // `extension` (may be null: none) must outlive the index.
    explicit Index(const ExtensionKind* extension = nullptr) : extension_(extension) {}

    const ExtensionKind* extension() const { return extension_; }
    Dictionary& dictionary() { return dictionary_; }
    const Dictionary& dictionary() const { return dictionary_; }

    // Never blocks.
    std::shared_ptr<const Snapshot> snapshot() const { return snapshot_.load(); }

    // Calls back with the seq of every version that stops being served; set before the first apply().
    void on_dead_version(std::function<void(store::Seq)> callback) { on_dead_version_ = std::move(callback); }

    // Applies entries in log order, up to and including `watermark`, and publishes the result at once.
    void apply(std::span<const Entry> entries, store::Seq watermark);

    // Puts finished parts in place of everything, for a start from saved segments or a rebuild: oldest first.
    void install(std::vector<Part> parts, store::Seq watermark);

    // Merges one run of neighbouring segments, if that is due. Returns whether it did. Long for large segments;
    // changes that are applied meanwhile are kept.
    bool merge();

    // Rewrites every segment that still holds the id and codes of an erased CV (Part::erasures), so that nothing of
    // them is left in memory, but for readers that hold an older snapshot. Returns whether there was any. Saving the
    // index afterwards (SavedIndex::save) removes them from the files too. Follower::purge() does both.
    bool purge();

  private:
    void publish(std::shared_ptr<const Snapshot> snapshot) { snapshot_.exchange(std::move(snapshot)); }
    void merge_run(const Snapshot& before, MergeRun run);

    const ExtensionKind* extension_;
    Dictionary dictionary_;
    std::function<void(store::Seq)> on_dead_version_;
    std::mutex merge_mutex_;   // one merge at a time; taken before change_mutex_
    std::mutex change_mutex_;  // one change of the snapshot at a time
    SnapshotCell snapshot_;
};

}  // namespace cvstroom::index
