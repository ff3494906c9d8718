#include "api/candidate_intake.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "api/intake_report.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "candidate/canonical.hpp"
#include "store/bulk_load.hpp"
#include "store/document_codec.hpp"

namespace cvstroom::api {
namespace {

http::Issue bad_id(std::string_view id) {
    return {"invalidInput", "path", "id", std::string(id), {"geen UUID", "pas un UUID", "not a UUID"}};
}

http::Response refused_document(const Call& call, const std::vector<candidate::Fault>& faults) {
    std::vector<http::Issue> issues;
    for (const auto& fault : faults) {
        issues.push_back({"schemaViolation", "body", fault.pointer, "", {fault.message, fault.message, fault.message}});
    }
    return call.answer(http::bad_request(std::move(issues)));
}

http::Response precondition_failed(const Call& call, store::Version current) {
    http::Problem problem{
        412,
        "cvstroom:preconditionFailed",
        {"Voorwaarde niet vervuld", "Condition non remplie", "Precondition Failed"},
        local_text("De cv heeft nu versie {}; haal hem opnieuw op en pas de wijziging daarop toe.",
                   "Le CV a maintenant la version {}; reprenez-le et appliquez-y la modification.",
                   "The CV has version {} now; fetch it again and apply the change to that.", current),
        {},
        {{"versie", std::to_string(current)}}};
    return call.answer(problem);
}

// The version that the caller expects. An If-Match that names anything but one version can never hold.
Result<std::optional<store::Version>> expected_version(const http::Request& request) {
    const auto if_match = request.field("If-Match");
    const auto if_none_match = request.field("If-None-Match");
    if (if_none_match == "*") return std::optional<store::Version>{0};
    if (!if_none_match.empty()) {
        return fail(ErrorCode::invalid_input, "only '*' makes sense here: the CV must not exist yet", "If-None-Match");
    }
    if (if_match.empty()) return std::optional<store::Version>{};
    std::optional<std::uint64_t> version;
    if (if_match.size() > 2 && if_match.front() == '"' && if_match.back() == '"') {
        version = parse_unsigned(if_match.substr(1, if_match.size() - 2));
    }
    if (!version || *version == 0 || *version > 0xFFFFFFFFU) {
        return fail(ErrorCode::invalid_input, "give one version as the server named it, such as \"7\"", "If-Match");
    }
    return std::optional<store::Version>{static_cast<store::Version>(*version)};
}

http::Response bad_precondition(const Call& call, const Error& error) {
    return call.answer(http::bad_request(
        {{"invalidInput", "header", error.where, "", {error.message, error.message, error.message}}}));
}

http::Response write_response(const Call& call, const Uuid& id, const store::WriteResult& result) {
    std::string body;
    JsonWriter json(body);
    json.begin_object().member("cvId", id).member("resultaat", wire_name(result.effect));
    json.member("versie", std::int64_t{result.version}).end_object();
    auto response = json_response(call, std::move(body));
    response.status = result.effect == store::Effect::created ? 201 : 200;
    response.set("ETag", '"' + std::to_string(result.version) + '"');
    return response;
}

http::Response answer_write(const Call& call, const Uuid& cv, const Result<std::vector<store::WriteResult>>& results) {
    if (!results) return failure(call, results.error());
    const auto& result = results->front();
    if (result.effect == store::Effect::outdated) return precondition_failed(call, result.version);
    if (result.effect == store::Effect::unknown) {
        return call.answer(
            http::not_found(local_text("{} is geen bestaande kandidaat", "{} n'est pas un candidat existant",
                                       "{} is no existing candidate", cv.to_string())));
    }
    return write_response(call, cv, result);
}

Date today(const Services& services) {
    return Date{std::chrono::floor<std::chrono::days>(services.clock.now())};
}

}  // namespace

http::Response put_candidate(const Call& call, const Services& services, store::ListFollower& lists,
                             std::string_view id) {
    const auto uuid = Uuid::parse(id);
    if (!uuid) return call.answer(http::bad_request({bad_id(id)}));
    const auto expected = expected_version(call.request);
    if (!expected) return bad_precondition(call, expected.error());
    for (int checks = 1;; ++checks) {
        const auto codes = lists.latest();
        if (!codes) return failure(call, codes.error());
        auto write = store::Intake(**codes).prepare(call.request.body);
        if (!write) return refused_document(call, write.error());
        if (write->cv != *uuid) {
            return refused_document(call, {{"/cvId", "is not the id in the path, " + uuid->to_string()}});
        }
        write->expected_version = *expected;
        const auto results = services.store.append(std::span(&*write, 1));
        const bool is_outdated = !results && results.error().code == ErrorCode::conflict;
        if (!is_outdated || checks == store::most_checks) return answer_write(call, *uuid, results);
    }
}

http::Response delete_candidate(const Call& call, const Services& services, std::string_view id) {
    const auto uuid = Uuid::parse(id);
    if (!uuid) return call.answer(http::bad_request({bad_id(id)}));
    const auto expected = expected_version(call.request);
    if (!expected) return bad_precondition(call, expected.error());
    auto write = store::make_erasure(*uuid, today(services));
    write.expected_version = *expected;
    return answer_write(call, *uuid, services.store.append(std::span(&write, 1)));
}

http::Response read_candidate(const Call& call, const Services& services, std::string_view id) {
    const auto uuid = Uuid::parse(id);
    if (!uuid) return call.answer(http::bad_request({bad_id(id)}));
    const auto change = services.store.current(*uuid);
    if (!change) return failure(call, change.error());
    if (!*change) {
        return call.answer(
            http::not_found(local_text("{} is geen bestaande kandidaat", "{} n'est pas un candidat existant",
                                       "{} is no existing candidate", uuid->to_string())));
    }
    const auto frame = services.store.document((*change)->seq);
    if (!frame) return failure(call, frame.error());
    auto body = *frame ? store::decompress_document(**frame)
                       : Result<std::string>(candidate::to_tombstone(*uuid, (*change)->status, (*change)->changed_on));
    if (!body) return failure(call, body.error());
    if (*frame) call.record.disclose(*uuid, (*change)->version);
    auto response = json_response(call, std::move(*body));
    response.set("ETag", '"' + std::to_string((*change)->version) + '"');
    return response;
}

http::Response load_candidates(const Call& call, const Services& services, store::ListFollower& lists) {
    std::string_view rest = call.request.body;
    const auto next_line = [&rest](std::string& line) {
        if (rest.empty()) return false;
        const auto end = rest.find('\n');
        line.assign(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        return true;
    };
    std::string body;
    const auto summary = store::load_lines(
        services.store, [&lists] { return lists.latest(); }, next_line,
        [&body](const auto& outcome) { append_line_report(outcome, body); });
    if (!summary) return failure(call, summary.error());
    append_summary(*summary, body);
    auto response = json_response(call, std::move(body));
    response.set("Content-Type", "application/x-ndjson");
    return response;
}

}  // namespace cvstroom::api
