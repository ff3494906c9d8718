#include "api/partners.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "api/body_members.hpp"
#include "api/partner_report.hpp"
#include "api/routing.hpp"
#include "base/text.hpp"
#include "http/query.hpp"

namespace cvstroom::api {
namespace {

constexpr std::string_view root = "/beheer/v1/";
constexpr std::uint64_t usual_overlap = 7 * 24 * 3600;  // a week to change over

// One call on partners or keys.
class PartnerCall {
  public:
    PartnerCall(const Call& call, partner::Partners& partners, store::PartnerStore& store)
        : call_(call),
          partners_(partners),
          store_(store),
          who_(fmt::format("{} ({})", call.record.partner, call.record.key_prefix)) {}

    std::optional<http::Response> answer(const std::vector<std::string>& parts) {
        if (parts.front() == "sleutels") return keys(parts);
        if (parts.front() != "partners") return std::nullopt;
        const bool reads = is_get(call_.request);
        const auto& method = call_.request.method;
        if (parts.size() == 1)
            return reads ? list() : method == "POST" ? apply() : wrong_method(call_, "GET, HEAD, POST");
        if (parts.size() == 2) return reads ? show(parts[1]) : wrong_method(call_, "GET, HEAD");
        if (parts.size() == 3 && parts[2] == "geschiedenis")
            return reads ? history(parts[1]) : wrong_method(call_, "GET, HEAD");
        if (parts.size() == 3 && parts[2] == "gebruik")
            return reads ? usage(parts[1]) : wrong_method(call_, "GET, HEAD");
        if (parts.size() == 3 && parts[2] == "stappen")
            return method == "POST" ? step(parts[1]) : wrong_method(call_, "POST");
        if (parts.size() == 3 && parts[2] == "sleutels")
            return method == "POST" ? issue(parts[1]) : wrong_method(call_, "POST");
        if (parts.size() == 4 && parts[2] == "abonnementen") {
            if (method == "PUT") return subscribe(parts[1], parts[3]);
            if (method == "DELETE") return partner_or_fault(partners_.unsubscribe(parts[1], parts[3], who_));
            return wrong_method(call_, "PUT, DELETE");
        }
        return std::nullopt;
    }

  private:
    http::Response fault(const Error& error) const {
        const LocalText text{error.message, error.message, error.message};
        switch (error.code) {
            case ErrorCode::invalid_input:
                return call_.answer(http::bad_request({{"invalidInput", "body", '/' + error.where, "", text}}));
            case ErrorCode::not_found:
                return call_.answer(
                    http::not_found(local_text("{}: {}", "{}: {}", "{}: {}", error.where, error.message)));
            case ErrorCode::conflict:
                return call_.answer({409,
                                     "cvstroom:conflict",
                                     {"Conflict", "Conflit", "Conflict"},
                                     local_text("{}: {}", "{}: {}", "{}: {}", error.where, error.message),
                                     {},
                                     {}});
            default:
                return failure(call_, error);
        }
    }
    http::Response faults(BodyMembers& body) const { return call_.answer(http::bad_request(std::move(body.issues()))); }

    http::Response partner_or_fault(const Result<store::PartnerRecord>& partner, unsigned status = 200) const {
        if (!partner) return fault(partner.error());
        std::string body;
        JsonWriter json(body);
        write_partner(json, *partner);
        auto response = json_response(call_, std::move(body));
        response.status = status;
        return response;
    }

    // {"aantal":n,"resultaten":[…]}
    template <typename Items, typename Write>
    http::Response list_of(const Items& items, const Write& write) const {
        std::string body;
        JsonWriter json(body);
        json.begin_object().member("aantal", items.size()).key("resultaten").begin_array();
        for (const auto& item : items) write(json, item);
        json.end_array().end_object();
        return json_response(call_, std::move(body));
    }

    http::Response list() const {
        const auto partners = partners_.list();
        return partners ? list_of(*partners, write_partner) : fault(partners.error());
    }

    http::Response show(const std::string& name) const { return partner_or_fault(partners_.find(name)); }

    http::Response history(const std::string& name) const {
        const auto events = partners_.history(name);
        return events ? list_of(*events, write_event) : fault(events.error());
    }

    http::Response usage(const std::string& name) const {
        const auto days = partners_.usage(name);
        return days ? list_of(*days, write_usage) : fault(days.error());
    }

    http::Response apply() {
        BodyMembers body(call_.request.body, {"naam", "contact"});
        const auto name = body.text("naam");
        const auto contact = body.text_or("contact", "");
        if (!body.issues().empty()) return faults(body);
        return partner_or_fault(partners_.apply(name, contact, who_), 201);
    }

    http::Response step(const std::string& name) {
        BodyMembers body(call_.request.body,
                         {"stap", "toelichting", "contract.referentie", "contract.datum", "contract.ondertekenaar"});
        const auto step = body.text("stap");
        const auto note = body.text_or("toelichting", "");
        store::ContractRecord contract;
        if (step == "contract") {
            contract.reference = body.text("contract.referentie");
            contract.signed_by = body.text("contract.ondertekenaar");
            const auto text = body.text("contract.datum");
            const auto date = parse_date(text);
            if (date) contract.signed_on = *date;
            if (!date && !text.empty())
                body.add_issue("contract.datum", text,
                               {"geef een datum zoals 2026-02-13", "indiquez une date comme 2026-02-13",
                                "give a date such as 2026-02-13"});
        }
        if (!body.issues().empty()) return faults(body);
        if (step == "goedkeuring") return partner_or_fault(partners_.approve(name, note, who_));
        if (step == "contract") return partner_or_fault(partners_.sign(name, contract, who_));
        if (step == "activering") return partner_or_fault(partners_.activate(name, note, who_));
        if (step == "schorsing") return partner_or_fault(partners_.suspend(name, note, who_));
        if (step == "beeindiging") return partner_or_fault(partners_.end(name, note, who_));
        body.add_issue("stap", step,
                       {"geef goedkeuring, contract, activering, schorsing of beeindiging",
                        "indiquez goedkeuring, contract, activering, schorsing ou beeindiging",
                        "give goedkeuring, contract, activering, schorsing or beeindiging"});
        return faults(body);
    }

    http::Response subscribe(const std::string& name, const std::string& product) {
        BodyMembers body(call_.request.body, {"plan", "perMinuut", "perDag"});
        std::optional<partner::Plan> plan;
        if (body.has("plan")) {
            const auto name_of_plan = body.text("plan");
            plan = partner::plan_from_wire(name_of_plan);
            if (!plan)
                body.add_issue(
                    "plan", name_of_plan,
                    {"geef volledig of anoniem", "indiquez volledig ou anoniem", "give volledig or anoniem"});
        }
        const partner::Limits limits{body.number("perMinuut"), body.number("perDag")};
        if (!body.issues().empty()) return faults(body);
        return partner_or_fault(partners_.subscribe(name, product, plan, limits, who_));
    }

    http::Response key_once(const Result<partner::NewKey>& key) const {
        if (!key) return fault(key.error());
        std::string body;
        JsonWriter json(body);
        json.begin_object().member("prefix", key->prefix).member("sleutel", key->secret).end_object();
        auto response = json_response(call_, std::move(body));
        response.status = 201;
        return response;
    }

    // `vervalt`: until when a key is good.
    static std::optional<Instant> expiry(BodyMembers& body) {
        if (!body.has("vervalt")) return std::nullopt;
        const auto text = body.text("vervalt");
        const auto instant = parse_instant(text);
        if (instant) return *instant;
        body.add_issue("vervalt", text,
                       {"geef een tijdstip met tijdzone, zoals 2027-01-01T00:00:00Z",
                        "indiquez un instant avec fuseau horaire, comme 2027-01-01T00:00:00Z",
                        "give an instant with a time zone, such as 2027-01-01T00:00:00Z"});
        return std::nullopt;
    }

    http::Response issue(const std::string& name) {
        BodyMembers body(call_.request.body, {"product", "vervalt"});
        const auto product = body.text_or("product", "");
        const auto expires = expiry(body);
        if (!body.issues().empty()) return faults(body);
        return key_once(partners_.issue_key(name, product, expires, who_));
    }

    std::optional<http::Response> keys(const std::vector<std::string>& parts) {
        const auto& method = call_.request.method;
        if (parts.size() == 1) {
            if (!is_get(call_.request)) return wrong_method(call_, "GET, HEAD");
            const auto keys = store_.keys();
            return keys ? list_of(*keys, write_key) : fault(keys.error());
        }
        if (parts.size() == 2) {
            if (method != "DELETE") return wrong_method(call_, "DELETE");
            const auto revoked = partners_.revoke_key(parts[1], who_);
            if (!revoked) return fault(revoked.error());
            http::Response done;
            done.status = 204;
            return done;
        }
        if (parts.size() != 3 || parts[2] != "vervanging") return std::nullopt;
        if (method != "POST") return wrong_method(call_, "POST");
        BodyMembers body(call_.request.body, {"overlapSeconden", "vervalt"});
        const auto overlap = body.number_or("overlapSeconden", usual_overlap);
        if (overlap > 366ULL * 24 * 3600)
            body.add_issue("overlapSeconden", "", {"ten hoogste een jaar", "un an au maximum", "at most a year"});
        const auto expires = expiry(body);
        if (!body.issues().empty()) return faults(body);
        return key_once(partners_.rotate_key(parts[1], std::chrono::seconds(overlap), expires, who_));
    }

    const Call& call_;
    partner::Partners& partners_;
    store::PartnerStore& store_;
    const std::string who_;
};

// The path's parts, percent-decoded; nothing when one of them cannot be.
std::optional<std::vector<std::string>> parts_of(std::string_view path) {
    std::vector<std::string> parts;
    for (const auto part : split(path, '/')) {
        std::string encoded = "x=";
        for (const char c : part)
            encoded += c == '+' ? std::string("%2B") : c == '&' ? std::string("%26") : std::string(1, c);
        const auto decoded = http::parse_query(encoded);
        if (!decoded || decoded->size() != 1 || decoded->front().value.empty()) return std::nullopt;
        parts.push_back(decoded->front().value);
    }
    return parts;
}

}  // namespace

std::optional<http::Response> administer_partners(const Call& call, partner::Partners& partners,
                                                  store::PartnerStore& store) {
    std::string_view path = call.request.path;
    if (!path.starts_with(root)) return std::nullopt;
    path.remove_prefix(root.size());
    const auto parts = parts_of(path);
    if (!parts) return std::nullopt;
    return PartnerCall(call, partners, store).answer(*parts);
}

}  // namespace cvstroom::api
