#include "store/loaded_lists.hpp"

#include <map>
#include <utility>

#include "store/document_codec.hpp"

namespace cvstroom::store {

Result<reference::ReplacedLists> loaded_lists(ReferenceStore& store) {
    const auto versions = store.list_versions();
    if (!versions) return tl::unexpected(versions.error());
    std::map<std::string, const ListVersion*> newest;
    for (const auto& version : *versions) newest[version.name] = &version;
    reference::ReplacedLists replaced;
    for (const auto& [name, version] : newest) {
        if (version->is_shipped) continue;
        const auto frame = store.list_file(name, version->version);
        if (!frame) return tl::unexpected(frame.error());
        if (!*frame) return fail(ErrorCode::corrupt, "the loaded list has no file", name);
        auto text = decompress_document(**frame);
        if (!text) return tl::unexpected(text.error());
        if (sha256(*text) != version->digest)
            return fail(ErrorCode::corrupt, "the loaded list is not what was stored", name);
        replaced.emplace(name, std::move(*text));
    }
    return replaced;
}

Result<std::shared_ptr<const reference::ReferenceData>> read_lists(ReferenceStore& store,
                                                                   const std::filesystem::path& data) {
    // First the number: should a list come between, these are newer than they say, and what is checked with them is
    // checked again.
    const auto revision = store.lists_revision();
    if (!revision) return tl::unexpected(revision.error());
    const auto replaced = loaded_lists(store);
    if (!replaced) return tl::unexpected(replaced.error());
    auto lists = reference::ReferenceData::load(data, *replaced, *revision);
    if (!lists && lists.error().where.starts_with("list ")) {
        lists.error().message += " ('cvstroom reference reset' brings the shipped list back)";
    }
    return lists;
}

Result<std::unique_ptr<ListFollower>> ListFollower::open(ReferenceStore& store, std::filesystem::path data) {
    const auto revision = store.lists_revision();
    if (!revision) return tl::unexpected(revision.error());
    auto lists = read_lists(store, data);
    if (!lists) return tl::unexpected(lists.error());
    return std::unique_ptr<ListFollower>(new ListFollower(store, std::move(data), std::move(*lists), *revision));
}

Result<bool> ListFollower::refresh() {
    const std::lock_guard lock(mutex_);
    const auto revision = store_.lists_revision();
    if (!revision) return tl::unexpected(revision.error());
    if (*revision == revision_) return false;
    auto lists = read_lists(store_, data_);
    if (!lists) return tl::unexpected(lists.error());  // the next call tries again
    lists_.set(std::move(*lists));
    revision_ = *revision;
    return true;
}

Result<reference::CurrentLists::Pointer> ListFollower::latest() {
    if (auto taken = refresh(); !taken) return tl::unexpected(std::move(taken.error()));
    return lists_.get();
}

}  // namespace cvstroom::store
