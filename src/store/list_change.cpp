#include "store/list_change.hpp"

#include <algorithm>

#include "store/code_uses.hpp"

namespace cvstroom::store {

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
    if (change.dropped.empty() || !source.kind) return change;
    const auto uses = count_code_uses(store, *source.kind, progress);
    if (!uses) return tl::unexpected(uses.error());
    for (const auto& code : change.dropped) {
        const auto found = uses->find(code);
        if (found != uses->end() && found->second > 0) change.used.emplace(code, found->second);
    }
    return change;
}

}  // namespace cvstroom::store
