#include "api/bulk_control.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/feed_refusal.hpp"
#include "api/paging.hpp"
#include "api/parameters.hpp"
#include "base/json_writer.hpp"

namespace cvstroom::api {
namespace {

constexpr std::uint64_t most_listed = 256;  // CVs; more are answered as sixteen buckets

struct ControlRequest {
    std::vector<ParameterIssue> issues;
    std::optional<Instant> at;
    store::IdPrefix prefix;

    explicit ControlRequest(const std::vector<Parameter>& parameters) {
        std::optional<std::string> instant;
        std::optional<std::string> digits;
        for (const auto& parameter : parameters) {
            if (parameter.name == "op") {
                take_once(parameter, instant, issues);
                take_instant(parameter);
            } else if (parameter.name == "voorvoegsel") {
                take_once(parameter, digits, issues);
                take_prefix(parameter);
            } else {
                issues.push_back({ParameterIssue::Kind::unknown,
                                  parameter.name,
                                  parameter.value,
                                  {"onbekende parameter; hier gelden op en voorvoegsel",
                                   "paramètre inconnu; ici valent op et voorvoegsel",
                                   "unknown parameter; here op and voorvoegsel count"}});
            }
        }
    }

  private:
    void add(const Parameter& parameter, LocalText detail) {
        issues.push_back({ParameterIssue::Kind::invalid, parameter.name, parameter.value, std::move(detail)});
    }

    void take_instant(const Parameter& parameter) {
        const auto instant = parse_instant(parameter.value);
        if (instant) {
            at = *instant;
        } else {
            add(parameter, {"geef een ISO 8601-tijdstip met tijdzone, zoals 2026-02-13T12:00:00Z",
                            "indiquez un instant ISO 8601 avec fuseau horaire, comme 2026-02-13T12:00:00Z",
                            "give an ISO 8601 instant with a time zone, such as 2026-02-13T12:00:00Z"});
        }
    }

    void take_prefix(const Parameter& parameter) {
        const auto parsed = store::IdPrefix::parse(parameter.value);
        if (parsed) {
            prefix = *parsed;
        } else {
            add(parameter, {"geef 0 tot 8 hexadecimale cijfers: het begin van de cvId's zonder streepjes",
                            "indiquez de 0 à 8 chiffres hexadécimaux: le début des cvId sans tirets",
                            "give 0 to 8 hexadecimal digits: the beginning of the cvIds without dashes"});
        }
    }
};

void write_bucket(JsonWriter& json, const store::IdPrefix& prefix, const store::ControlBucket& bucket) {
    json.member("voorvoegsel", prefix.to_string()).member("aantal", bucket.count);
    json.member("digest", bucket.sum.to_hex());
}

void write_contents(JsonWriter& json, const store::IdPrefix& prefix, const store::Control& control) {
    if (control.members) {
        json.key("cvs").begin_array();
        for (const auto& [cv, version] : *control.members) {
            json.begin_object().member("cvId", cv).member("versie", std::int64_t{version}).end_object();
        }
        json.end_array();
        return;
    }
    json.key("emmers").begin_array();
    for (unsigned digit = 0; digit < control.children.size(); ++digit) {
        json.begin_object();
        write_bucket(json, prefix.child(digit), control.children[digit]);
        json.end_object();
    }
    json.end_array();
}

http::Response answer(const Call& call, const Services& services, const ControlRequest& request) {
    const auto position = services.feed.resolve(feed::WindowRequest{std::nullopt, request.at, 0});
    if (!position) return refuse_position(call, position.error());
    const auto control = services.store.control(position->range.until, request.prefix, most_listed);
    if (!control) return failure(call, control.error());
    const auto until = format_instant(position->until);
    std::string body;
    JsonWriter json(body);
    json.begin_object().member("op", until).member("gedektTot", until);
    json.member("epoche", services.store.epoch().to_string());
    write_bucket(json, request.prefix, control->whole);
    write_contents(json, request.prefix, *control);
    const auto next = services.feed.cursor_after(*position, position->range.until);
    json.member("vervolg", services.feed.encode(next)).end_object();
    return json_response(call, std::move(body));
}

}  // namespace

http::Response get_control(const Call& call, const Services& services, WorkPool& work) {
    const auto parameters = read_parameters(call);
    if (!parameters) return parameters.error();
    const ControlRequest request(*parameters);
    if (!request.issues.empty()) return bad_parameters(call, request.issues);
    http::Response response;
    response.later = [&services, &work, request](const http::Request& asked, http::Reply reply) {
        work.post([&services, asked, request, reply = std::move(reply)] {
            CallRecord record;  // the door has its own
            reply(answer(Call(asked, record), services, request));
        });
    };
    return response;
}

}  // namespace cvstroom::api
