// Removing what stands of erased CVs in a saved index, from whichever process erased them.
//
// One process saves its index in a folder and has it in memory; another one that has erased a CV leaves it a request
// there, a file of its own name, and waits until it is gone.
#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "index/extension.hpp"
#include "reference/current_lists.hpp"
#include "store/store.hpp"

namespace cvstroom::index {

// Removes ids and codes of all CVs that were erased so far from the saved index in `folder`. When no process has the
// folder, it is done here, in memory for the whole index; a copy that cannot be used is deleted. Otherwise the process
// that has it is asked: false when it has not done so within `patience` (it does by itself in time, see FollowerTimes).
// A folder that is not there has nothing. Not for the process that has the folder: that calls Follower::purge().
Result<bool> purge_saved(store::Store& store, const reference::CurrentLists& lists, const std::filesystem::path& folder,
                         const ExtensionKind* extension, std::chrono::milliseconds patience);

// For the process that has the folder: what it is asked at the moment. A request counts for what was in the log when it
// was found here, so read the log's head after this; answer when the index has purged up to there.
std::vector<std::filesystem::path> purge_requests(const std::filesystem::path& folder);
void answer_purge_requests(const std::vector<std::filesystem::path>& requests);

}  // namespace cvstroom::index
