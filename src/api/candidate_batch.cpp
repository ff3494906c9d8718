#include "api/candidate_batch.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "api/candidate_batch_request.hpp"
#include "api/candidate_detail.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace cvstroom::api {
namespace {

void write_result(JsonWriter& json, const AskedCandidate& asked, const std::optional<VisibleCandidate>& found,
                  CallRecord& record) {
    json.begin_object().member("cvId", asked.id);
    if (!found) {
        json.member("resultaat", "ONBEKEND");
    } else if (!found->document) {
        json.member("resultaat", "VERDWENEN").member("versie", std::int64_t{found->change.version});
        json.member("status", candidate::wire_name(found->change.status));
        json.member("wijzigingsDatum", format_date(found->change.changed_on));
    } else if (asked.held == found->change.version) {
        json.member("resultaat", "ONGEWIJZIGD").member("versie", std::int64_t{found->change.version});
    } else {
        json.member("resultaat", "GEVONDEN").member("versie", std::int64_t{found->change.version});
        json.key("cv").raw(found->document->json);
        record.disclose(asked.id, found->change.version);
    }
    json.end_object();
}

// In a body this long stand some 20 ids. A document takes 5 to 10 µs: that many fit a turn of an event loop.
constexpr std::size_t short_body = 1'000;

http::Response answer_batch(const Call& call, const Services& services) {
    std::vector<http::Issue> issues;
    const auto batch = read_batch_request(call.request.body, issues);
    if (!issues.empty()) return call.answer(http::bad_request(std::move(issues)));
    const auto snapshot = services.index.snapshot();
    std::string answer;
    JsonWriter json(answer);
    json.begin_object().member("aantal", static_cast<std::int64_t>(batch.size())).key("resultaten").begin_array();
    for (const auto& asked : batch) {
        const auto found = find_visible(services, *snapshot, asked.id, call.record.plan);
        if (!found) return failure(call, found.error());
        write_result(json, asked, *found, call.record);
    }
    json.end_array().end_object();
    return json_response(call, std::move(answer));
}

}  // namespace

http::Response get_candidates(const Call& call, const Services& services, LongWork& work) {
    const auto type = call.request.field("Content-Type");
    if (!equal_ignoring_case(trim(type.substr(0, type.find(';'))), "application/json")) {
        return call.answer(
            {415,
             "unsupportedMediaType",
             {"Mediatype niet ondersteund", "Type de média non pris en charge", "Unsupported Media Type"},
             {"Stuur Content-Type: application/json.", "Envoyez Content-Type: application/json.",
              "Send Content-Type: application/json."},
             {},
             {}});
    }
    if (call.request.body.size() <= short_body) return answer_batch(call, services);
    return work.answer(call, [&services](const Call& again) { return answer_batch(again, services); });
}

}  // namespace cvstroom::api
