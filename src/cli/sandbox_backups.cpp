#include "cli/sandbox_backups.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "api/document_cache.hpp"
#include "api/partner_api.hpp"
#include "cli/open_store.hpp"
#include "feed/feed.hpp"
#include "index/follower.hpp"
#include "index/text_extension.hpp"
#include "store/sqlite/backup.hpp"

namespace cvstroom::cli {
namespace {

constexpr std::size_t most_copies = 20;
constexpr std::size_t cache_bytes = 8 * 1024 * 1024;
constexpr std::string_view prefix = "restored-";

void remove_leftovers(const std::filesystem::path& folder) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        std::error_code ignored;  // it takes room, and harms nobody
        if (entry.path().filename().string().starts_with(prefix)) std::filesystem::remove(entry.path(), ignored);
    }
}

}  // namespace

// In the order in which it depends on each other. Nothing writes to it but the feed's horizon and receipts, so its
// index is built once.
class SandboxBackups::Copy final : public api::RestoredCopy {
  public:
    Copy(std::unique_ptr<store::SqliteStore> store, const Shared& shared)
        : store_(std::move(store)),
          indexed_versions_(index_, shared.lists),
          feed_(*store_, shared.clock, &indexed_versions_),
          documents_(*store_, cache_bytes),
          services_{*store_, index_, feed_, shared.lists, documents_, shared.clock, shared.instruments.audit},
          api_(services_, shared.registry, shared.description, shared.instruments, cache_bytes / 4) {}

    Result<void> build_index(const reference::CurrentLists& lists) {
        return index::Follower(*store_, index_, lists).rebuild({});
    }
    http::Handler& door() override { return api_; }
    store::Store& store() override { return *store_; }

  private:
    std::unique_ptr<store::SqliteStore> store_;
    index::Index index_{&index::text_extension()};
    feed::IndexedVersions indexed_versions_;
    feed::Feed feed_;
    api::DocumentCache documents_;
    api::Services services_;
    api::PartnerApi api_;
};

SandboxBackups::SandboxBackups(std::filesystem::path database, const Shared& shared)
    : database_(std::move(database)), shared_(shared) {
    remove_leftovers(database_.parent_path());
}

SandboxBackups::~SandboxBackups() {
    copies_.clear();
    remove_leftovers(database_.parent_path());
}

Result<api::RestoredCopy*> SandboxBackups::take() {
    const std::lock_guard lock(mutex_);
    if (copies_.size() >= most_copies) {
        return fail(ErrorCode::unavailable,
                    fmt::format("{} backups were put back already: start the sandbox again to go on", most_copies));
    }
    const auto file = database_.parent_path() / fmt::format("{}{}.db", prefix, copies_.size() + 1);
    const auto copied = store::copy_database(database_, file, [](std::uint64_t, std::uint64_t) {});
    if (!copied) return tl::unexpected(copied.error());
    const auto epoch = store::begin_new_history(file);
    if (!epoch) return tl::unexpected(epoch.error());
    auto store = open_store(file, store::SqliteStore::Mode::open_existing);
    if (!store) return tl::unexpected(store.error());
    auto copy = std::make_unique<Copy>(std::move(*store), shared_);
    if (auto built = copy->build_index(shared_.lists); !built) return tl::unexpected(built.error());
    spdlog::info("a backup was taken at {} and restored with the epoch {}", copied->seq, epoch->to_string());
    copies_.push_back(std::move(copy));
    return copies_.back().get();
}

}  // namespace cvstroom::cli
