#include "api/parameters.hpp"

#include "base/text.hpp"
#include "http/query.hpp"

namespace cvstroom::api {
namespace {

ParameterIssue too_long(std::string_view query) {
    std::string_view longest;
    for (const auto part : split(query, '&')) {
        if (part.size() > longest.size()) longest = part;
    }
    // Of the part alone: what is wrong elsewhere is not the matter.
    const auto parameter = http::parse_query(longest.substr(0, longest.find('=') + 1));
    auto detail = local_text(
        "de vraag telt {} bytes en mag er {} tellen; deze parameter is de langste, met {} bytes: neem minder waarden",
        "la requête compte {} octets et peut en compter {}; ce paramètre est le plus long, avec {} octets: prenez "
        "moins de valeurs",
        "the query has {} bytes and may have {}; this parameter is the longest, with {} bytes: take fewer values",
        query.size(), most_query_bytes, longest.size());
    return {ParameterIssue::Kind::invalid, parameter && !parameter->empty() ? parameter->front().name : "", "",
            std::move(detail)};
}

}  // namespace

tl::expected<std::vector<Parameter>, http::Response> read_parameters(const Call& call) {
    if (call.request.query.size() > most_query_bytes) {
        return tl::unexpected(bad_parameters(call, {too_long(call.request.query)}));
    }
    auto parameters = http::parse_query(call.request.query);
    if (!parameters) return tl::unexpected(bad_parameter(call, parameters.error()));
    return std::move(*parameters);
}

http::Response bad_parameters(const Call& call, const std::vector<ParameterIssue>& found) {
    std::vector<http::Issue> issues;
    for (const auto& issue : found) issues.push_back(http::query_issue(issue));
    return call.answer(http::bad_request(std::move(issues)));
}

http::Response bad_parameter(const Call& call, const Error& error) {
    const LocalText detail{error.message, error.message, error.message};
    return bad_parameters(call, {{ParameterIssue::Kind::invalid, error.where, "", detail}});
}

}  // namespace cvstroom::api
