#include "cli/disclosure.hpp"

#include <algorithm>

#include "audit/letterbox.hpp"
#include "cli/open_store.hpp"

namespace cvstroom::cli {
namespace {

// A running server looks for what commands leave four times a second, and may be busy.
constexpr std::chrono::seconds patience{30};
constexpr std::size_t cvs_a_record = 1000;
constexpr const char* no_key = "command line";

}  // namespace

Result<void> record_disclosure(store::SqliteStore& store, const std::filesystem::path& audit_folder,
                               const std::string& command, const std::string& by,
                               const std::vector<audit::Disclosed>& cvs) {
    std::vector<audit::Entry> entries;
    const auto trace = Uuid::random().to_string();
    const auto now = system_clock().now();
    for (std::size_t from = 0; from < cvs.size(); from += cvs_a_record) {
        const auto until = std::min(cvs.size(), from + cvs_a_record);
        entries.push_back(
            {now,
             trace,
             by,
             no_key,
             command,
             std::string(audit::whole_document),
             {cvs.begin() + static_cast<std::ptrdiff_t>(from), cvs.begin() + static_cast<std::ptrdiff_t>(until)}});
    }
    if (entries.empty()) return {};
    return audit::record_beside(audit_folder, audit::derive_key(store.secret()), store, system_clock(), entries,
                                patience);
}

}  // namespace cvstroom::cli
