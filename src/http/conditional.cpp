#include "http/conditional.hpp"

#include <algorithm>

namespace cvstroom::http {
namespace {

bool is_separator(char c) {
    return c == ',' || c == ' ' || c == '\t';
}

// Does `tag` (without quotes) name `opaque`, as it is or in one of the codings that encode_body marks?
bool names(std::string_view tag, std::string_view opaque) {
    if (!tag.starts_with(opaque)) return false;
    const std::string_view coding = tag.substr(opaque.size());
    return coding.empty() || coding == "-gzip" || coding == "-zstd";
}

}  // namespace

// A tag may hold commas, so the list is read tag by tag. What is no tag is passed over up to the next comma.
bool names_etag(std::string_view if_none_match, std::string_view opaque) {
    std::string_view rest = if_none_match;
    while (true) {
        while (!rest.empty() && is_separator(rest.front())) rest.remove_prefix(1);
        if (rest.empty()) return false;
        if (rest.front() == '*' && (rest.size() == 1 || is_separator(rest[1]))) return true;
        if (rest.starts_with("W/")) rest.remove_prefix(2);
        if (rest.starts_with('"')) {
            const std::size_t end = rest.find('"', 1);
            if (end == std::string_view::npos) return false;
            if (names(rest.substr(1, end - 1), opaque)) return true;
            rest.remove_prefix(end + 1);
        }
        rest.remove_prefix(std::min(rest.find(','), rest.size()));
    }
}

}  // namespace cvstroom::http
