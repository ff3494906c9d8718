#include "api/sandbox_api.hpp"

#include <algorithm>
#include <utility>

#include "api/client_check.hpp"
#include "api/fault_list.hpp"
#include "api/gate.hpp"
#include "api/held_list.hpp"
#include "api/parameters.hpp"
#include "base/json_writer.hpp"
#include "feed/cursor.hpp"

namespace cvstroom::api {
namespace {

using std::chrono::steady_clock;

// Where the client says it stands; what is wrong with that goes to `wrong`. Nothing said: where the log ends now.
Result<store::Seq> position_of(store::Store& store, const HeldList& held, std::vector<ParameterIssue>& wrong) {
    const auto refuse = [&wrong](std::string name, const std::string& value, LocalText detail) {
        wrong.push_back({ParameterIssue::Kind::invalid, std::move(name), value, std::move(detail)});
        return store::Seq{0};
    };
    if (held.cursor) {
        const auto cursor = feed::decode(*held.cursor, store.secret());
        if (!cursor) {
            return refuse("vervolg", *held.cursor,
                          {"is geen vervolg dat hier is uitgereikt", "n'est pas un vervolg remis ici",
                           "is no cursor that was given out here"});
        }
        if (cursor->epoch != store.epoch()) {
            return refuse(
                "vervolg", *held.cursor,
                {"is van een andere epoche: begin opnieuw met bulk", "est d'une autre epoche: recommencez par bulk",
                 "is of another epoch: start over with bulk"});
        }
        if (cursor->position != cursor->range.until) {
            return refuse("vervolg", *held.cursor,
                          {"staat midden in een venster: lees verder tot 'laatste' waar is",
                           "se trouve au milieu d'une fenêtre: lisez jusqu'à ce que 'laatste' soit vrai",
                           "stands in the middle of a window: read on until 'laatste' is true"});
        }
        return cursor->range.until;
    }
    if (held.until) {
        const auto instant = parse_instant(*held.until);
        if (!instant) {
            return refuse("tot", *held.until,
                          {"is geen tijdstip met tijdzone", "n'est pas un instant avec fuseau horaire",
                           "is no instant with a time zone"});
        }
        const auto next = store.first_at_or_after(*instant);
        if (!next) return tl::unexpected(next.error());
        return *next - 1;
    }
    const auto head = store.head();
    if (!head) return tl::unexpected(head.error());
    return head->seq;
}

// Takes the place in the feed from the query into `held`, and tells what is wrong with it.
std::vector<ParameterIssue> take_position(const std::vector<Parameter>& parameters, HeldList& held) {
    std::vector<ParameterIssue> wrong;
    for (const auto& parameter : parameters) {
        auto* into = parameter.name == "vervolg" ? &held.cursor : parameter.name == "tot" ? &held.until : nullptr;
        if (into == nullptr) {
            wrong.push_back(
                {ParameterIssue::Kind::unknown,
                 parameter.name,
                 parameter.value,
                 {"onbekende parameter; hier gelden vervolg en tot", "paramètre inconnu; ici valent vervolg et tot",
                  "unknown parameter; here vervolg and tot count"}});
        } else if (*into) {
            wrong.push_back({ParameterIssue::Kind::invalid,
                             parameter.name,
                             parameter.value,
                             {"mag maar één keer voorkomen", "ne peut figurer qu'une fois", "may stand only once"}});
        } else {
            *into = parameter.value;
        }
    }
    if (held.cursor && held.until) {
        wrong.push_back({ParameterIssue::Kind::invalid,
                         "tot",
                         *held.until,
                         {"geef vervolg of tot, niet beide", "donnez vervolg ou tot, pas les deux",
                          "give vervolg or tot, not both"}});
    }
    return wrong;
}

http::Response fault_states(const Call& call, SandboxPartner& partner) {
    auto response = json_response(call, write_faults(partner.faults(steady_clock::now())));
    response.set("Cache-Control", "no-store");
    return response;
}

void write_finding(JsonWriter& json, FindingKind kind, const Finding& finding, http::Language language) {
    const auto& text = text_of(kind);
    json.begin_object().member("soort", text.wire).member("ernst", text.is_fault ? "fout" : "opmerking");
    json.member("aantal", finding.count).member("tekst", http::in_language(text.what, language));
    json.member("raad", http::in_language(text.advice, language)).key("voorbeelden").begin_array();
    for (const auto& example : finding.examples) {
        json.begin_object().member("wat", example.subject);
        if (example.held) json.member("gehouden", *example.held);
        if (example.expected) json.member("verwacht", *example.expected);
        json.end_object();
    }
    json.end_array().end_object();
}

}  // namespace

http::Response SandboxApi::route(const Call& call) {
    auto path = call.request.path.substr(sandbox_path.size());
    if (path != "/storingen" && path != "/controle") return unknown_path(call);
    if (auto refusal = refuse_entry(call, registry_, partner::product_cv)) return *refusal;
    const auto partner = known_.keep(key_of(call.request), std::make_shared<SandboxPartner>());
    return path == "/storingen" ? faults(call, partner) : check(call, *partner);
}

http::Response SandboxApi::faults(const Call& call, const std::shared_ptr<SandboxPartner>& partner) {
    if (call.request.method == "PUT") return set_faults(call, partner);
    if (call.request.method == "DELETE") {
        partner->set_faults({}, steady_clock::now(), services_.clock.now(), nullptr);
        http::Response response;
        response.status = 204;
        return response;
    }
    if (!is_get(call.request)) return wrong_method(call, "GET, HEAD, PUT, DELETE");
    return fault_states(call, *partner);
}

http::Response SandboxApi::set_faults(const Call& call, const std::shared_ptr<SandboxPartner>& partner) {
    std::vector<http::Issue> issues;
    auto faults = read_faults(call.request.body, issues);
    if (!issues.empty()) return call.answer(http::bad_request(std::move(issues)));
    if (std::ranges::find(faults, sandbox::FaultKind::restored, &sandbox::Fault::kind) != faults.end()) {
        return set_faults_with_backup(std::move(faults), partner);
    }
    partner->set_faults(faults, steady_clock::now(), services_.clock.now(), nullptr);
    return fault_states(call, *partner);
}

http::Response SandboxApi::set_faults_with_backup(std::vector<sandbox::Fault> faults,
                                                  const std::shared_ptr<SandboxPartner>& partner) {
    http::Response response;
    response.later = [this, faults = std::move(faults), partner](const http::Request& asked, http::Reply reply) {
        work_.post([this, asked, faults, partner, reply = std::move(reply)] {
            CallRecord record;  // the door has its own
            const Call call(asked, record);
            const auto taken = backups_.take();
            if (!taken) return reply(failure(call, taken.error()));
            partner->set_faults(faults, steady_clock::now(), services_.clock.now(), *taken);
            reply(fault_states(call, *partner));
        });
    };
    return response;
}

http::Response SandboxApi::check(const Call& call, SandboxPartner& partner) {
    if (call.request.method != "POST") return wrong_method(call, "POST");
    const auto parameters = read_parameters(call);
    if (!parameters) return parameters.error();
    std::vector<http::Issue> issues;
    const bool is_lines = call.request.field("Content-Type").starts_with("application/x-ndjson");
    HeldList held = read_held(call.request.body, is_lines, issues);
    auto wrong = take_position(*parameters, held);
    if (!wrong.empty()) return bad_parameters(call, wrong);
    if (!issues.empty()) return call.answer(http::bad_request(std::move(issues)));
    auto* const restored = partner.history(steady_clock::now());
    store::Store& store = restored != nullptr ? restored->store() : services_.store;
    const auto until = position_of(store, held, wrong);
    if (!until) return failure(call, until.error());
    if (!wrong.empty()) return bad_parameters(call, wrong);
    auto compared = compare(store, *until, held.candidates, partner);
    if (!compared) return failure(call, compared.error());
    const bool is_equal = compared->findings.empty();
    Findings all = partner.findings();
    all.merge(compared->findings);
    std::string body;
    JsonWriter json(body);
    json.begin_object().member("gelijk", is_equal).member("gehouden", held.candidates.size());
    json.member("verwacht", compared->expected).key("bevindingen").begin_array();
    for (const auto& [kind, finding] : all) write_finding(json, kind, finding, call.language);
    json.end_array().end_object();
    auto response = json_response(call, std::move(body));
    response.set("Cache-Control", "no-store");
    return response;
}

}  // namespace cvstroom::api
