#include "api/paging.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/query.hpp"

namespace cvstroom::api {
namespace {

// More than any log can hold, and far from overflow.
constexpr std::uint64_t greatest_offset = 1'000'000'000'000;

LocalText twice() {
    return local_text("mag maar één keer voorkomen", "ne peut figurer qu'une seule fois", "may stand only once");
}

std::vector<Parameter> without_offset(const std::vector<Parameter>& parameters) {
    std::vector<Parameter> others;
    std::copy_if(parameters.begin(), parameters.end(), std::back_inserter(others),
                 [](const Parameter& each) { return each.name != "vanaf"; });
    return others;
}

}  // namespace

bool PagingParser::take(const Parameter& parameter, std::vector<ParameterIssue>& issues) {
    const bool is_offset = parameter.name == "vanaf";
    if (!is_offset && parameter.name != "aantal") return false;
    bool& is_given = is_offset ? paging_.has_offset : has_count_;
    if (is_given) issues.push_back({ParameterIssue::Kind::invalid, parameter.name, parameter.value, twice()});
    is_given = true;
    const auto value = parse_unsigned(parameter.value);
    const std::uint64_t least = is_offset ? 0 : 1;
    const std::uint64_t most = is_offset ? greatest_offset : limits_.most;
    if (!value || *value < least || *value > most) {
        issues.push_back({ParameterIssue::Kind::invalid, parameter.name, parameter.value,
                          local_text("geef een geheel getal van {} tot {}", "indiquez un nombre entier de {} à {}",
                                     "give a whole number from {} to {}", least, most)});
        return true;
    }
    if (is_offset) {
        paging_.offset = *value;
    } else {
        paging_.count = static_cast<std::uint32_t>(*value);
    }
    return true;
}

bool take_once(const Parameter& parameter, std::optional<std::string>& into, std::vector<ParameterIssue>& issues) {
    if (into) {
        issues.push_back({ParameterIssue::Kind::invalid, parameter.name, parameter.value, twice()});
    } else {
        into = parameter.value;
    }
    return true;
}

std::string target_of(std::string_view path, const std::vector<Parameter>& parameters) {
    std::string target(path);
    char separator = '?';
    for (const auto& [name, value] : parameters) {
        target += separator;
        target += http::encode_query_value(name);
        target += '=';
        target += http::encode_query_value(value);
        separator = '&';
    }
    return target;
}

std::string link(const std::string& target, std::string_view relation) {
    std::string text;
    text.reserve(target.size() + relation.size() + 10);
    text.append("<").append(target).append(">; rel=\"").append(relation).append("\"");
    return text;
}

std::string page_links(const http::Request& request, const std::vector<Parameter>& parameters, const Paging& paging,
                       std::uint64_t total) {
    const auto others = without_offset(parameters);
    const std::string target = target_of(request.path, others) + (others.empty() ? "?vanaf=" : "&vanaf=");
    std::string links;
    const auto add = [&](std::uint64_t offset, std::string_view relation) {
        if (!links.empty()) links += ", ";
        links += link(target + std::to_string(offset), relation);
    };
    const std::uint64_t last = total == 0 ? 0 : (total - 1) / paging.count * paging.count;
    add(0, "first");
    if (paging.offset > 0) add(paging.offset > paging.count ? paging.offset - paging.count : 0, "prev");
    if (paging.offset + paging.count < total) add(paging.offset + paging.count, "next");
    add(last, "last");
    return links;
}

}  // namespace cvstroom::api
