// Pages by offset: the parameters `vanaf` and `aantal`, and the Link field (RFC 8288).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/parameter.hpp"
#include "http/message.hpp"

namespace cvstroom::api {

struct PageLimits {
    std::uint32_t usual;
    std::uint32_t most;
};

struct Paging {
    std::uint64_t offset = 0;  // vanaf
    std::uint32_t count = 0;   // aantal
    bool has_offset = false;   // `vanaf` was given
};

// Takes `vanaf` and `aantal`, each at most once.
class PagingParser {
  public:
    explicit PagingParser(PageLimits limits) : limits_(limits) { paging_.count = limits.usual; }

    // False when the parameter is another one.
    bool take(const Parameter& parameter, std::vector<ParameterIssue>& issues);
    const Paging& paging() const { return paging_; }

  private:
    PageLimits limits_;
    Paging paging_;
    bool has_count_ = false;
};

// Remembers the first value of a parameter that may stand once; an issue for the second.
bool take_once(const Parameter& parameter, std::optional<std::string>& into, std::vector<ParameterIssue>& issues);

// "<path?query>; rel=…" for first, prev, next and last, as far as they exist. The other parameters stay as they were.
std::string page_links(const http::Request& request, const std::vector<Parameter>& parameters, const Paging& paging,
                       std::uint64_t total);

// The path with the parameters, encoded.
std::string target_of(std::string_view path, const std::vector<Parameter>& parameters);

// One entry of a Link field.
std::string link(const std::string& target, std::string_view relation);

}  // namespace cvstroom::api
