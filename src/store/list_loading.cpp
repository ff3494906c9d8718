#include "store/list_loading.hpp"

#include <utility>

namespace cvstroom::store {
namespace {

// So few CVs are read while all writers wait: some milliseconds.
constexpr std::uint64_t few = 200;
// Each reading of what the one before missed is shorter, unless CVs come in faster than they are read.
constexpr int most_readings = 5;

// 0: the list was never loaded.
Result<std::uint32_t> newest_version(ReferenceStore& lists, std::string_view name) {
    const auto versions = lists.list_versions();
    if (!versions) return tl::unexpected(versions.error());
    std::uint32_t newest = 0;
    for (const auto& version : *versions) {
        if (version.name == name) newest = version.version;
    }
    return newest;
}

// One list on its way into the store.
class Loading {
  public:
    Loading(Store& store, ReferenceStore& lists, const NewList& wanted)
        : store_(store), lists_(lists), wanted_(wanted) {}

    Result<ListOutcome> run(const ListsNow& lists_now, const std::function<void(std::uint64_t)>& progress) {
        if (auto compared = compare(lists_now, progress); !compared) return tl::unexpected(std::move(compared.error()));
        if (auto caught_up = catch_up(); !caught_up) return tl::unexpected(std::move(caught_up.error()));
        if (is_refused()) return ListOutcome{std::move(change_), std::nullopt};
        const auto number = lists_.add_list(wanted_.version, wanted_.frame, [this] { return look_again(); });
        if (!number && is_refused()) return ListOutcome{std::move(change_), std::nullopt};
        if (!number) return tl::unexpected(number.error());
        return ListOutcome{std::move(change_), *number};
    }

  private:
    // The version is asked first: should another come between, it is told apart at the end.
    Result<void> compare(const ListsNow& lists_now, const std::function<void(std::uint64_t)>& progress) {
        const auto version = newest_version(lists_, wanted_.source.name);
        if (!version) return tl::unexpected(version.error());
        compared_with_ = *version;
        const auto now = lists_now();
        if (!now) return tl::unexpected(now.error());
        const auto& before = *(*now)->find_list(wanted_.source.name);
        auto change = compare_lists(store_, wanted_.source, before, wanted_.list, progress);
        if (!change) return tl::unexpected(std::move(change.error()));
        change_ = std::move(*change);
        return {};
    }

    // What was published while all were being read.
    Result<void> catch_up() {
        for (int reading = 0; reading < most_readings && change_.used.empty(); ++reading) {
            const auto read = count_further(store_, wanted_.source, change_);
            if (!read) return tl::unexpected(read.error());
            if (*read <= few) break;
        }
        return {};
    }

    // While nobody else can write.
    Result<void> look_again() {
        if (wanted_.is_forced) return {};
        const auto version = newest_version(lists_, wanted_.source.name);
        if (!version) return tl::unexpected(version.error());
        if (*version != compared_with_) {
            return fail(ErrorCode::conflict, "was replaced meanwhile; nothing was loaded, look again what would change",
                        std::string(wanted_.source.name));
        }
        const auto read = count_further(store_, wanted_.source, change_);
        if (!read) return tl::unexpected(read.error());
        if (is_refused()) return fail(ErrorCode::conflict, "drops codes that published CVs use");
        return {};
    }

    bool is_refused() const { return !change_.used.empty() && !wanted_.is_forced; }

    Store& store_;
    ReferenceStore& lists_;
    const NewList& wanted_;
    std::uint32_t compared_with_ = 0;
    ListChange change_;
};

}  // namespace

Result<ListOutcome> load_list(Store& store, ReferenceStore& lists, const ListsNow& lists_now, const NewList& wanted,
                              const std::function<void(std::uint64_t)>& progress) {
    return Loading(store, lists, wanted).run(lists_now, progress);
}

}  // namespace cvstroom::store
