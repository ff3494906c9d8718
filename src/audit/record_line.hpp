// The lines of an audit file (docs/audit.md has the format to the byte): a header, then records, and after every group
// of records a seal. Each is one JSON object on one line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/entry.hpp"
#include "base/digest.hpp"
#include "base/result.hpp"

namespace cvstroom::audit {

struct Header {
    Uuid chain;              // names all files that belong together
    std::uint64_t file = 0;  // 1, 2, 3, …
    Instant opened{};
    Sha256 previous{};  // the last seal's code of the file before; zeros in the first
};

struct Seal {
    std::uint64_t number = 0;   // 1, 2, 3, … through all files of a chain
    std::uint64_t records = 0;  // in this group
    bool is_closing = false;    // the file's last seal: another file follows
    Sha256 code{};              // see chain.hpp
};

void append_header(std::string& out, const Header& header);
void append_record(std::string& out, const Entry& entry);
// The seal line up to and including `"code":"`: what the code covers. Then the code ends the line.
void append_seal_opening(std::string& out, const Seal& seal);
void append_seal_code(std::string& out, const Sha256& code);

// Nothing when the line is of another kind or no such line at all. Lines come without their end.
std::optional<Header> read_header(std::string_view line);
std::optional<Entry> read_record(std::string_view line);
std::optional<Seal> read_seal(std::string_view line);
bool is_seal(std::string_view line);
// 64 hexadecimal digits, lower case.
std::optional<Sha256> parse_code(std::string_view hex);

// The length of the part of a seal line that its code covers.
std::size_t sealed_length(std::string_view seal_line);

}  // namespace cvstroom::audit
