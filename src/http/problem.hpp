// Problem details (RFC 9457) with Belgif's problem types, in the three languages of the API (SPEC 1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/local_text.hpp"
#include "base/parameter.hpp"
#include "http/message.hpp"
#include "http/negotiation.hpp"

namespace cvstroom::http {

// One entry of `issues`: what is wrong with one part of the request.
struct Issue {
    std::string_view type;  // "invalidInput", "unknownInput", "schemaViolation", "referencedResourceNotFound"
    std::string_view in;    // "query", "path", "header", "body"
    std::string name;       // the parameter, or a JSON Pointer into the body
    std::string value;      // as received; cut when long; empty: left out
    LocalText detail;
};

Issue query_issue(const ParameterIssue& issue);

struct Problem {
    unsigned status = 500;
    std::string_view type;  // "badRequest": becomes urn:problem-type:belgif:badRequest; with a ':' it is taken whole
    LocalText title;
    LocalText detail;
    std::vector<Issue> issues;
    // Further members, as JSON values ("\"text\"", "12").
    std::vector<std::pair<std::string_view, std::string>> members;
};

// 400 with all that is wrong at once.
Problem bad_request(std::vector<Issue> issues);
Problem not_found(LocalText detail);
Problem no_key();
Problem unknown_key();
Problem expired_key();
Problem no_subscription(std::string_view product);
Problem partner_not_active(std::string_view state);  // `state` as on the wire
// `limit` requests a minute, or a day, are used up; the first one comes back in `retry_after` seconds.
Problem too_many_requests(std::uint64_t limit, std::uint64_t retry_after, bool is_daily);
// Likewise for calls that failed by the caller's doing.
Problem too_many_failures(std::uint64_t limit, std::uint64_t retry_after);
Problem method_not_allowed(std::string_view method);
Problem unavailable();
Problem internal_error();
// For what the transport refuses: 400, 408, 413, 414, 431, 501, 505; `reason` is English.
Problem transport_problem(unsigned status, std::string_view reason);

// 401, 403 and 429 also carry httpCode, httpMessage and moreInformation, which existing clients read (SPEC 1).
Response to_response(const Problem& problem, Language language);

std::string_view in_language(const LocalText& text, Language language);

}  // namespace cvstroom::http
