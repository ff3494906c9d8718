#include "index/purge.hpp"

#include <spdlog/spdlog.h>

#include <fstream>
#include <thread>

#include "base/uuid.hpp"
#include "index/follower.hpp"
#include "index/saved_index.hpp"

namespace cvstroom::index {
namespace {

constexpr const char* request_suffix = ".purge";
constexpr std::chrono::milliseconds look_interval{50};

Result<bool> ask(const std::filesystem::path& folder, std::chrono::milliseconds patience) {
    const auto request = folder / (Uuid::random().to_string() + request_suffix);
    if (!std::ofstream(request)) return fail(ErrorCode::io, "cannot be written", request.string());
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::error_code ignored;  // a request that cannot be seen is taken to be there, and removed below
    while (std::filesystem::exists(request, ignored)) {
        if (std::chrono::steady_clock::now() >= deadline) {
            std::filesystem::remove(request, ignored);
            return false;
        }
        std::this_thread::sleep_for(look_interval);
    }
    return true;
}

Result<void> purge_here(store::Store& store, const reference::CurrentLists& lists, SavedIndex& saved,
                        const ExtensionKind* extension) {
    Index index(extension);
    Follower follower(store, index, lists, &saved);
    const auto loaded = follower.open_saved();
    if (loaded) return follower.purge();
    if (loaded.error().code != ErrorCode::not_found) {
        spdlog::info("the saved index cannot be used, and is deleted: {}", to_string(loaded.error()));
    }
    return saved.clear();
}

}  // namespace

Result<bool> purge_saved(store::Store& store, const reference::CurrentLists& lists, const std::filesystem::path& folder,
                         const ExtensionKind* extension, std::chrono::milliseconds patience) {
    std::error_code ignored;  // what cannot be seen cannot be opened either, which says why
    if (!std::filesystem::exists(folder, ignored)) return true;
    const auto saved = SavedIndex::open(folder);
    if (!saved) return tl::unexpected(saved.error());
    if (!(*saved)->is_writable()) return ask(folder, patience);
    if (auto purged = purge_here(store, lists, **saved, extension); !purged) return tl::unexpected(purged.error());
    return true;
}

std::vector<std::filesystem::path> purge_requests(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> requests;
    std::error_code ignored;  // a folder that cannot be read has no requests that could be answered
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        if (entry.path().extension() == request_suffix) requests.push_back(entry.path());
    }
    return requests;
}

void answer_purge_requests(const std::vector<std::filesystem::path>& requests) {
    std::error_code ignored;  // who asked may have given up
    for (const auto& request : requests) std::filesystem::remove(request, ignored);
}

}  // namespace cvstroom::index
