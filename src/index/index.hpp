// The index: a list of segments that grows at its end with every batch of changes, and is merged in the background.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "index/dictionary.hpp"
#include "index/snapshot.hpp"

namespace cvstroom::index {

// One log entry, ready to be applied.
struct Entry {
    store::Change change;
    DocumentTerms document;  // of an OPEN version that is still current; otherwise empty
    // False for a version that a later one superseded already: it changes nothing, so that the CV never vanishes
    // from search between its old version and its newest one.
    bool counts = true;
};

// snapshot() may be called from any thread. apply() and merge() may run at the same time as each other, each from one
// thread. Readers are never blocked for longer than it takes to copy a pointer.
class Index {
  public:
    // `extension` (may be null: none) must outlive the index.
    explicit Index(const ExtensionKind* extension = nullptr) : extension_(extension) {}

    const ExtensionKind* extension() const { return extension_; }
    Dictionary& dictionary() { return dictionary_; }
    const Dictionary& dictionary() const { return dictionary_; }

    std::shared_ptr<const Snapshot> snapshot() const;

    // Calls back with the seq of every version that stops being served; set before the first apply().
    void on_dead_version(std::function<void(store::Seq)> callback) { on_dead_version_ = std::move(callback); }

    // Applies entries in log order, up to and including `watermark`, and publishes the result at once.
    void apply(std::span<const Entry> entries, store::Seq watermark);

    // Puts a finished first segment (may be null) in place of everything; for a rebuild at start.
    void install(std::shared_ptr<const Segment> segment, store::Seq watermark);

    // Merges one run of neighbouring segments, if that is due. Returns whether it did. Long for large segments;
    // changes that are applied meanwhile are kept.
    bool merge();

  private:
    void publish(std::shared_ptr<const Snapshot> snapshot);
    void replace_run(const Snapshot& before, std::size_t first, std::size_t last,
                     std::shared_ptr<const Segment> merged);

    const ExtensionKind* extension_;
    Dictionary dictionary_;
    std::function<void(store::Seq)> on_dead_version_;
    mutable std::mutex snapshot_mutex_;  // guards the pointer, for the time of a copy
    std::mutex change_mutex_;            // one change of the snapshot at a time
    std::shared_ptr<const Snapshot> snapshot_ = std::make_shared<Snapshot>();
};

}  // namespace cvstroom::index
