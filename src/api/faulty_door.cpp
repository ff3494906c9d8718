#include "api/faulty_door.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "api/call.hpp"
#include "api/gate.hpp"
#include "api/observed_stream.hpp"
#include "api/sandbox_api.hpp"
#include "api/tracing.hpp"
#include "base/text.hpp"
#include "http/query.hpp"
#include "http/server.hpp"

namespace cvstroom::api {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view candidates_path = "/services/openservices/v1/kandidaten";
constexpr std::string_view stream_type = "application/x-ndjson";

BulkAsked read_bulk_request(const http::Request& request) {
    BulkAsked asked;
    asked.target = std::string(request.path);
    if (!request.query.empty()) asked.target += '?' + std::string(request.query);
    const auto parameters = http::parse_query(request.query);
    if (!parameters) return asked;
    for (const auto& [name, value] : *parameters) {
        if (name == "vervolg") asked.cursor = value;
        if (name == "vanaf") asked.offset = parse_unsigned(value).value_or(0);
        if (name != "van" && name != "tot") continue;
        asked.window += name + '=' + value + ' ';
        const auto instant = parse_instant(value);
        if (name == "van" && instant) asked.from = *instant;
    }
    return asked;
}

http::Response refusal(const FaultPlan& plan, http::Language language) {
    const http::Problem expired{
        410,
        "cvstroom:historyGone",
        {"Historiek vervallen", "Historique expiré", "Gone"},
        {"Gevraagde storing: de historiek is vervallen. Begin opnieuw met bulk zonder parameters.",
         "Panne demandée: l'historique a expiré. Recommencez par bulk sans paramètres.",
         "A fault that you asked for: history has expired. Start over with bulk without parameters."},
        {},
        {}};
    const http::Problem storm{
        429,
        "tooManyRequests",
        {"Te veel aanvragen", "Trop de requêtes", "Too Many Requests"},
        {"Gevraagde storing: wacht zo lang als Retry-After zegt.", "Panne demandée: attendez le temps de Retry-After.",
         "A fault that you asked for: wait as long as Retry-After says."},
        {},
        {}};
    switch (plan.refusal) {
        case FaultPlan::Refusal::storm: {
            auto response = http::to_response(storm, language);
            response.set("Retry-After", std::to_string(plan.retry_after.count()));
            return response;
        }
        case FaultPlan::Refusal::expired:
            return http::to_response(expired, language);
        default:
            return http::to_response(http::internal_error(), language);
    }
}

// A tenth to nine tenths of the body; of a stream, whose length nobody knows, up to 64 KB.
std::uint64_t cut_length(std::uint64_t number, const http::Response& response) {
    constexpr std::uint64_t longest_of_stream = 65'536;
    const std::uint64_t length = response.source ? longest_of_stream : http::view(response.body).size();
    return std::max<std::uint64_t>(1, length / 10 + (number % 1000) * (length * 8 / 10) / 1000);
}

// The ETag of a detail is the version ("7", "7-zstd").
void observe_detail(SandboxPartner& partner, const Uuid& cv, const http::Response& response) {
    auto tag = response.field("ETag");
    if (tag.size() < 3 || tag.front() != '"') return;
    tag.remove_prefix(1);
    const auto version = parse_unsigned(tag.substr(0, tag.find_first_not_of("0123456789")));
    if (version) partner.note_document(cv, static_cast<store::Version>(*version));
}

void observe_batch(SandboxPartner& partner, std::string_view body) {
    simdjson::dom::parser parser;
    simdjson::dom::array results;
    if (parser.parse(body.data(), body.size())["resultaten"].get(results) != simdjson::SUCCESS) return;
    for (const simdjson::dom::element result : results) {
        std::string_view outcome;
        std::string_view id;
        std::uint64_t version = 0;
        if (result["resultaat"].get(outcome) != simdjson::SUCCESS || outcome != "GEVONDEN") continue;
        if (result["cvId"].get(id) != simdjson::SUCCESS || result["versie"].get(version) != simdjson::SUCCESS) continue;
        if (const auto cv = Uuid::parse(id)) partner.note_document(*cv, static_cast<store::Version>(version));
    }
}

bool drops(std::string_view name, bool is_bent) {
    return equal_ignoring_case(name, "Accept-Encoding") || (is_bent && equal_ignoring_case(name, "If-None-Match"));
}

}  // namespace

// One request on its way: what it asked of bulk, what is to happen to it, and where the answer goes.
struct FaultyDoor::Exchange {
    http::Request request;
    http::Reply reply;
    std::shared_ptr<SandboxPartner> partner;
    bool is_known = false;  // the key has been good before
    bool is_bulk = false;
    bool is_batch = false;
    std::optional<Uuid> detail;
    BulkAsked bulk;
    FaultPlan plan;
    http::Coding coding = http::Coding::identity;
    http::Language language = http::Language::dutch;
};

void FaultyDoor::handle(const http::Request& request, http::Reply reply) {
    if (request.path.starts_with(sandbox_path)) return sandbox_.handle(request, std::move(reply));
    // The sandbox's listener takes the large bodies that a check needs; the resources of the API do not.
    if (request.body.size() > http::Limits{}.body_bytes) {
        auto response = partners_.refuse(413, "the body is larger than 1 MiB");
        return reply(std::move(response));
    }
    if (!request.path.starts_with(candidates_path)) return partners_.handle(request, std::move(reply));
    const auto exchange = std::make_shared<Exchange>();
    exchange->request = request;
    exchange->reply = std::move(reply);
    exchange->partner = known_.find(key_of(request));
    exchange->is_known = exchange->partner != nullptr;
    if (!exchange->is_known) exchange->partner = std::make_shared<SandboxPartner>();
    const auto rest = request.path.substr(candidates_path.size());
    exchange->is_bulk = rest == "/bulk";
    exchange->is_batch = rest.empty() && request.method == "POST";
    if (rest.starts_with('/')) exchange->detail = Uuid::parse(rest.substr(1));
    exchange->bulk = read_bulk_request(request);
    exchange->coding = http::choose_coding(request.field("Accept-Encoding"));
    exchange->language = http::choose_language(request.field("Accept-Language"));
    exchange->plan = exchange->partner->begin(exchange->bulk.target, exchange->is_bulk ? &exchange->bulk : nullptr,
                                              steady_clock::now(), clock_.now());
    if (exchange->plan.refusal != FaultPlan::Refusal::none) {
        auto response = refusal(exchange->plan, exchange->language);
        set_trace_ids(request, response);
        return exchange->reply(std::move(response));
    }
    if (exchange->is_bulk || exchange->is_batch) {
        // What is to be read, or bent, must come as it is.
        const bool is_bent = exchange->is_bulk && exchange->partner->bends_bulk(steady_clock::now());
        std::erase_if(exchange->request.fields, [=](const auto& field) { return drops(field.first, is_bent); });
    }
    auto* const restored = exchange->partner->history(steady_clock::now());
    http::Handler& door = restored != nullptr ? restored->door() : partners_;
    door.handle(exchange->request, [this, exchange](http::Response response) {
        auto answer = observed(*exchange, std::move(response));
        const auto delay = exchange->plan.delay;
        if (delay.count() == 0) return exchange->reply(std::move(answer));
        const auto late = std::make_shared<http::Response>(std::move(answer));
        delays_.after(delay, [exchange, late] { exchange->reply(std::move(*late)); });
    });
}

http::Response FaultyDoor::observed(Exchange& exchange, http::Response response) {
    const bool is_refused = response.status == 401 || response.status == 403;
    if (is_refused) return response;
    if (!exchange.is_known) {
        exchange.partner = known_.keep(key_of(exchange.request), exchange.partner);
    }
    const auto now = steady_clock::now();
    if (const auto wait = parse_unsigned(response.field("Retry-After")); wait && response.status != 200) {
        exchange.partner->note_wait(
            now, std::chrono::seconds(static_cast<std::int64_t>(std::min<std::uint64_t>(*wait, 86'400))));
    }
    if (response.status == 410 && exchange.is_bulk) exchange.partner->note_gone();
    if (response.status == 200) {
        if (exchange.is_bulk) observe_bulk(exchange, response);
        if (exchange.is_batch && !exchange.plan.cut) observe_batch(*exchange.partner, http::view(response.body));
        if (exchange.detail && !exchange.plan.cut && exchange.request.method == "GET") {
            observe_detail(*exchange.partner, *exchange.detail, response);
        }
    }
    if (exchange.is_bulk || exchange.is_batch) {
        if (!response.source) http::encode_body(response, exchange.coding);
    }
    if (exchange.plan.cut && response.status == 200 && exchange.request.method != "HEAD") {
        const auto length = cut_length(*exchange.plan.cut, response);
        response.source = response.source ? std::make_shared<CutBody>(response.source, length)
                                          : std::make_shared<CutBody>(std::string(http::view(response.body)), length);
        response.body = std::string();
    }
    return response;
}

void FaultyDoor::observe_bulk(Exchange& exchange, http::Response& response) {
    const auto now = steady_clock::now();
    if (response.source && response.field("Content-Type").starts_with(stream_type)) {
        response.source =
            std::make_shared<ObservedStream>(response.source, exchange.partner, exchange.bulk, exchange.coding);
        if (exchange.coding != http::Coding::identity) {
            response.set("Content-Encoding", std::string(http::name(exchange.coding)));
        }
        return;
    }
    if (response.source || exchange.request.method == "HEAD") return;
    const bool is_bent = exchange.partner->bends_bulk(now);
    response.body =
        exchange.partner->give_page(exchange.bulk, std::string(http::view(response.body)), !exchange.plan.cut, now);
    if (!is_bent) return;
    // It is not what the ETag names, and it may be another the next time.
    std::erase_if(response.fields, [](const auto& field) { return equal_ignoring_case(field.first, "ETag"); });
    response.set("Cache-Control", "no-store");
}

}  // namespace cvstroom::api
