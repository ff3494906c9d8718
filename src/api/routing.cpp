#include "api/routing.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "api/gate.hpp"
#include "api/logged_path.hpp"
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

// One line a request, at level debug, without its query, which may hold a search.
void log_request(const http::Request& request, const CallRecord& record, unsigned status, std::string_view trace,
                 std::chrono::nanoseconds took) {
    if (!spdlog::should_log(spdlog::level::debug)) return;
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    LogLine line("request answered");
    line.with("method", request.method).with("path", logged_path(request.path)).with("status", std::to_string(status));
    line.with("microseconds", std::to_string(microseconds)).with("trace", trace).with("key", record.key_prefix);
    spdlog::debug(line.text());
}

// Takes the place of an answer whose record could not be written.
http::Response unrecorded(const http::Response& kept_back, http::Language language) {
    http::Problem problem = http::unavailable();
    problem.detail = {
        "Wie een cv ontvangt, wordt vastgelegd, en dat lukt nu niet; daarom wordt niets van cv's gegeven. "
        "Probeer later opnieuw.",
        "Qui reçoit un CV est consigné, ce qui échoue en ce moment; rien des CV n'est donc donné. "
        "Réessayez plus tard.",
        "Who receives a CV is recorded, which fails at the moment; so nothing of CVs is given. Try again "
        "later."};
    auto response = http::to_response(problem, language);
    for (const char* field : {"BelGov-Trace-Id", "BelGov-Related-Trace-Id"}) {
        const auto value = kept_back.field(field);
        if (!value.empty()) response.set(field, std::string(value));
    }
    return response;
}

// A plan without personal data shows in the record: "anoniem", or "anoniem:" before the paths that were asked for.
std::string members_of(CallRecord& record) {
    if (record.plan != partner::Plan::anonymous) return std::move(record.members);
    return record.members == audit::whole_document ? "anoniem" : "anoniem:" + record.members;
}

// Takes what the entry needs out of the call's record, which is not read after it.
audit::Entry take_entry(CallRecord& record, const std::string& trace) {
    return {{},
            trace,
            std::move(record.partner),
            std::move(record.key_prefix),
            std::string(name(record.resource)),
            members_of(record),
            std::move(record.disclosed)};
}

// Takes over what another thread has done for the call, and says how long that took.
std::chrono::nanoseconds take_late(CallRecord& record) {
    if (!record.late) return {};
    record.disclosed = std::move(record.late->disclosed);
    record.members = std::move(record.late->members);
    return record.late->took;
}

}  // namespace

void Door::handle(const http::Request& request, http::Reply reply) {
    const auto begun = std::chrono::steady_clock::now();
    CallRecord record;
    auto response = route(Call(request, record));
    const auto took = std::chrono::steady_clock::now() - begun;
    if (!response.later) return finish(request, record, took, std::move(response), reply);
    // What counts is the time that was spent here, not how long the client chose to wait.
    const auto start = std::exchange(response.later, nullptr);
    start(request, [this, request, record, took, reply = std::move(reply),
                    fields = std::move(response.fields)](http::Response answer) mutable {
        for (auto& [name, value] : fields) answer.set(name, std::move(value));
        finish(request, record, took + take_late(record), std::move(answer), reply);
    });
}

namespace {

constexpr unsigned too_many = 429;  // says itself that nothing was done, and costs nothing more

void count_failure(const CallRecord& record, unsigned status) {
    const bool is_callers_doing = status >= 400 && status < 500 && status != too_many;
    if (is_callers_doing && record.failures) record.failures->take(std::chrono::steady_clock::now());
}

}  // namespace

void Door::finish(const http::Request& request, CallRecord& record, std::chrono::nanoseconds took,
                  http::Response response, const http::Reply& reply) {
    set_limit_fields(record, response);
    count_failure(record, response.status);
    const auto trace = set_trace_ids(request, response);
    log_request(request, record, response.status, trace, took);
    // HEAD gives no body, so nothing of it.
    const bool is_recorded_now = audit_ != nullptr && !record.disclosed.empty() && request.method != "HEAD";
    if (record.stream) *record.stream = take_entry(record, trace);
    if (!is_recorded_now) {
        metrics_.observe(record.resource, response.status, took);
        return reply(std::move(response));
    }
    const auto languages = request.field("Accept-Language");  // stays valid until the reply has been given
    const auto handed_over = std::chrono::steady_clock::now();
    audit_->record(
        take_entry(record, trace),
        [this, took, handed_over, languages, resource = record.resource, reply,
         response = std::move(response)](bool is_recorded) mutable {
            if (!is_recorded) response = unrecorded(response, http::choose_language(languages));
            metrics_.observe(resource, response.status, took + (std::chrono::steady_clock::now() - handed_over));
            reply(std::move(response));
        },
        request.executor);
}

http::Response Door::refuse(unsigned status, std::string_view reason) {
    auto response = http::to_response(http::transport_problem(status, reason), http::Language::dutch);
    set_trace_ids(http::Request{}, response);
    metrics_.observe(Resource::other, status, {});
    return response;
}

}  // namespace cvstroom::api
