#include "cli/open_store.hpp"

namespace cvstroom::cli {

const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
}

Result<std::unique_ptr<store::SqliteStore>> open_store(const std::filesystem::path& database,
                                                       store::SqliteStore::Mode mode) {
    return store::SqliteStore::open(database, mode, system_clock());
}

Result<std::shared_ptr<const reference::ReferenceData>> open_lists(const std::filesystem::path& resources) {
    return reference::ReferenceData::load(resources / "data");
}

}  // namespace cvstroom::cli
