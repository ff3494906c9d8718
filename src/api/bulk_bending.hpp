// Reads what an answer of bulk tells, and rewrites it as a bad provider would have written it. For the sandbox only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/client_record.hpp"
#include "base/time.hpp"

namespace cvstroom::api {

struct Bending {
    // An entry that is not to be seen now; its JSON is handed over. Null: all are seen.
    std::function<bool(const BulkEntry&, Instant changed, std::string_view json)> withholds;
    std::vector<std::string> added;             // entries that stand first, as JSON objects
    std::optional<Instant> clock_goes_back_at;  // instants are written as UTC+2 before it, as UTC+1 from it on

    bool is_empty() const { return !withholds && added.empty() && !clock_goes_back_at; }
};

// `json`: a page of bulk, or a line of its stream. Nothing that is no such thing is told.
BulkTold read_bulk(std::string_view json);

// The page, bent. `aantal` follows what is withheld and added. Text that is no page comes back as it is.
std::string bend_page(std::string_view json, const Bending& bending);

// A line of a stream, bent; empty when it is withheld. Not for the closing line.
std::string bend_line(std::string_view json, const Bending& bending);

// The entry as it stands elsewhere in the feed: with `cursor` as a line of a stream that continues there, else as an
// entry of a page.
std::string moved_entry(std::string_view json, const std::optional<std::string>& cursor);

// "2026-10-25T02:30:00.000000+02:00".
std::string belgian_instant(Instant instant, Instant clock_goes_back_at);

}  // namespace cvstroom::api
