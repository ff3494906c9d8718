#include "audit/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "audit/folder.hpp"
#include "audit/record_line.hpp"

namespace cvstroom::audit {
namespace {

bool matches(const Entry& entry, const Filter& filter) {
    if (!filter.partner.empty() && entry.partner != filter.partner) return false;
    if (filter.from && entry.at < *filter.from) return false;
    return !filter.until || entry.at < *filter.until;
}

Result<void> search_file(const std::filesystem::path& path, const Filter& filter,
                         const std::function<void(const Entry&)>& visit) {
    std::ifstream input(path, std::ios::binary);
    if (!input) return fail(ErrorCode::io, "cannot be read", path.string());
    const std::string id = filter.cv ? filter.cv->to_string() : "";
    std::size_t number = 0;
    for (std::string line; std::getline(input, line);) {
        ++number;
        // The last line may be in the midst of being written; behind it stand zeros.
        if (input.eof() || line.empty() || line.front() == '\0') break;
        if (number == 1 || is_seal(line) || line.find(id) == std::string::npos) continue;
        auto entry = read_record(line);
        if (!entry) {
            return fail(ErrorCode::corrupt, fmt::format("line {} is no record; see 'cvstroom audit --verify'", number),
                        path.string());
        }
        if (!matches(*entry, filter)) continue;
        if (filter.cv) std::erase_if(entry->cvs, [&](const Disclosed& each) { return each.cv != *filter.cv; });
        if (!entry->cvs.empty()) visit(*entry);
    }
    return {};
}

}  // namespace

Result<void> find_records(const std::filesystem::path& folder, const Filter& filter,
                          const std::function<void(const Entry&)>& visit) {
    const auto files = list_files(folder);
    if (!files) return tl::unexpected(files.error());
    for (const auto& file : *files) {
        if (auto searched = search_file(file.path, filter, visit); !searched) return searched;
    }
    return {};
}

Result<bool> has_record_since(const std::filesystem::path& file, Instant from) {
    Filter filter;
    filter.from = from;
    bool is_found = false;
    if (auto searched = search_file(file, filter, [&is_found](const Entry&) { is_found = true; }); !searched) {
        return tl::unexpected(searched.error());
    }
    return is_found;
}

}  // namespace cvstroom::audit
