#include "api/routing.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "api/gate.hpp"
#include "api/tracing.hpp"
#include "base/log_line.hpp"

namespace cvstroom::api {

bool is_get(const http::Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

http::Response wrong_method(const Call& call, std::string_view allowed) {
    auto response = call.answer(http::method_not_allowed(call.request.method));
    response.set("Allow", std::string(allowed));
    return response;
}

http::Response unknown_path(const Call& call) {
    return call.answer(http::not_found(local_text("dit pad bestaat niet; zie {}/doc/openapi.yaml",
                                                  "ce chemin n'existe pas; voir {}/doc/openapi.yaml",
                                                  "this path does not exist; see {}/doc/openapi.yaml", base_path)));
}

namespace {

// One line a request, at level debug: the path without its query, which may hold a search.
void log_request(const http::Request& request, const CallRecord& record, unsigned status, std::string_view trace,
                 std::chrono::nanoseconds took) {
    if (!spdlog::should_log(spdlog::level::debug)) return;
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    LogLine line("request answered");
    line.with("method", request.method).with("path", request.path).with("status", std::to_string(status));
    line.with("microseconds", std::to_string(microseconds)).with("trace", trace).with("key", record.key_prefix);
    spdlog::debug(line.text());
}

}  // namespace

void Door::handle(const http::Request& request, http::Reply reply) {
    const auto begun = std::chrono::steady_clock::now();
    CallRecord record;
    auto response = route(Call(request, record));
    const auto took = std::chrono::steady_clock::now() - begun;
    if (!response.later) return reply(finish(request, record, took, std::move(response)));
    // What counts is the time that was spent here, not how long the client chose to wait.
    const auto start = std::exchange(response.later, nullptr);
    start(request, [this, request, record, took, reply = std::move(reply),
                    fields = std::move(response.fields)](http::Response answer) mutable {
        for (auto& [name, value] : fields) answer.set(name, std::move(value));
        reply(finish(request, record, took, std::move(answer)));
    });
}

http::Response Door::finish(const http::Request& request, CallRecord& record, std::chrono::nanoseconds took,
                            http::Response response) {
    set_limit_fields(record, response);
    const auto trace = set_trace_ids(request, response);
    metrics_.observe(record.resource, response.status, took);
    log_request(request, record, response.status, trace, took);
    return response;
}

http::Response Door::refuse(unsigned status, std::string_view reason) {
    auto response = http::to_response(http::transport_problem(status, reason), http::Language::dutch);
    set_trace_ids(http::Request{}, response);
    metrics_.observe(Resource::other, status, {});
    return response;
}

}  // namespace cvstroom::api
