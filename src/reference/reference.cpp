#include "reference/reference.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "reference/list_reader.hpp"

namespace cvstroom::reference {
namespace {

using candidate::CodeKind;

constexpr std::size_t suggestions = 3;

Result<Tsv> read_table(const ListSource& source, const std::filesystem::path& folder, const ReplacedLists& replaced) {
    const auto found = replaced.find(source.name);
    if (found == replaced.end()) return Tsv::read(folder / source.file);
    return Tsv::parse(found->second, fmt::format("list {}", source.name));
}

}  // namespace

Result<std::shared_ptr<const ReferenceData>> ReferenceData::load(const std::filesystem::path& folder,
                                                                 const ReplacedLists& replaced,
                                                                 std::optional<std::uint64_t> revision) {
    auto data = std::make_shared<ReferenceData>();
    data->revision_ = revision;
    data->lists_.reserve(list_sources().size());
    for (const auto& source : list_sources()) {
        const auto table = read_table(source, folder, replaced);
        if (!table) return tl::unexpected(table.error());
        auto list = read_list(source, *table);
        if (!list) return tl::unexpected(std::move(list.error()));
        data->lists_.push_back(std::move(*list));
    }
    auto places = Places::load(folder);
    if (!places) return tl::unexpected(std::move(places.error()));
    data->places_ = std::move(*places);
    return data;
}

const CodeList& ReferenceData::list(CodeKind kind) const {
    return lists_[static_cast<std::size_t>(kind)];
}

const CodeList* ReferenceData::find_list(std::string_view name) const {
    const auto found = std::ranges::find(lists_, name, &CodeList::name);
    return found == lists_.end() ? nullptr : &*found;
}

bool ReferenceData::knows(CodeKind kind, std::string_view code) const {
    return list(kind).find(code) != nullptr;
}

std::string ReferenceData::nearest(CodeKind kind, std::string_view code) const {
    return fmt::format("{}", fmt::join(list(kind).nearest(code, suggestions), ", "));
}

}  // namespace cvstroom::reference
