#include "api/parameters.hpp"

#include "http/query.hpp"

namespace cvstroom::api {

tl::expected<std::vector<Parameter>, http::Response> read_parameters(const Call& call) {
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
