// The code lists of a node: the shipped ones, and over them those that the provider has loaded into the store.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "base/result.hpp"
#include "reference/current_lists.hpp"
#include "reference/reference.hpp"
#include "store/reference_store.hpp"

namespace cvstroom::store {

// The newest version of each list that the store has, as the files' texts. corrupt when one cannot be read back.
Result<reference::ReplacedLists> loaded_lists(ReferenceStore& store);

// The lists as they are now. A stored list that this program cannot use (a newer one needs another column, say) is an
// error that names it: 'cvstroom reference reset' brings the shipped one back.
Result<std::shared_ptr<const reference::ReferenceData>> read_lists(ReferenceStore& store,
                                                                   const std::filesystem::path& data);

// Takes up what other processes load. Thread-safe.
class ListFollower {
  public:
    // `store` outlives it.
    static Result<std::unique_ptr<ListFollower>> open(ReferenceStore& store, std::filesystem::path data);

    const reference::CurrentLists& lists() const { return lists_; }

    // The lists that come with the program, whatever the store has.
    Result<std::shared_ptr<const reference::ReferenceData>> shipped() const {
        return reference::ReferenceData::load(data_);
    }

    // Looks whether there is a newer list, and takes it up. True when it did. A list that cannot be read leaves what
    // was there in place; the Error is told once for each version.
    Result<bool> refresh();

    // The lists after a refresh(): what documents are checked with, so that the store takes them.
    Result<reference::CurrentLists::Pointer> latest();

  private:
    ListFollower(ReferenceStore& store, std::filesystem::path data, reference::CurrentLists::Pointer lists,
                 std::uint64_t revision)
        : store_(store), data_(std::move(data)), lists_(std::move(lists)), revision_(revision) {}

    ReferenceStore& store_;
    const std::filesystem::path data_;
    reference::CurrentLists lists_;
    std::mutex mutex_;
    std::uint64_t revision_;
};

}  // namespace cvstroom::store
