#include "store/list_change.hpp"

#include <algorithm>

namespace cvstroom::store {
namespace {

// Counts on from where it stands, and returns how many CVs it looked at: none when no code goes that they may hold.
Result<std::uint64_t> count(Store& store, const reference::ListSource& source, ListChange& change,
                            const std::function<void(std::uint64_t)>& progress) {
    std::uint64_t read = 0;
    if (change.dropped.empty() || !source.kind) return read;
    const auto head = store.head();
    if (!head) return tl::unexpected(head.error());
    const auto uses = count_code_uses(store, *source.kind, change.counted_until, head->seq, [&](std::uint64_t done) {
        read = done;
        if (progress) progress(done);
    });
    if (!uses) return tl::unexpected(uses.error());
    for (const auto& code : change.dropped) {
        const auto found = uses->find(code);
        if (found != uses->end() && found->second > 0) change.used[code] += found->second;
    }
    change.counted_until = head->seq;
    return read;
}

}  // namespace

Result<ListChange> compare_lists(Store& store, const reference::ListSource& source, const reference::CodeList& before,
                                 const reference::CodeList& after, const std::function<void(std::uint64_t)>& progress) {
    ListChange change;
    for (const auto& item : after.items()) {
        const auto* known = before.find(item.code);
        if (known == nullptr) {
            change.added.push_back(item.code);
        } else if (*known != item) {
            change.changed.push_back(item.code);
        }
    }
    for (const auto& item : before.items()) {
        if (after.find(item.code) == nullptr) change.dropped.push_back(item.code);
    }
    const auto counted = count(store, source, change, progress);
    if (!counted) return tl::unexpected(counted.error());
    return change;
}

Result<std::uint64_t> count_further(Store& store, const reference::ListSource& source, ListChange& change) {
    return count(store, source, change, {});
}

}  // namespace cvstroom::store
