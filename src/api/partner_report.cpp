#include "api/partner_report.hpp"

#include "base/time.hpp"

namespace cvstroom::api {

void write_partner(JsonWriter& json, const store::PartnerRecord& partner) {
    json.begin_object().member("naam", partner.name).member("toestand", partner.state);
    if (!partner.contact.empty()) json.member("contact", partner.contact);
    if (partner.contract) {
        json.key("contract").begin_object().member("referentie", partner.contract->reference);
        json.member("datum", format_date(partner.contract->signed_on));
        json.member("ondertekenaar", partner.contract->signed_by).end_object();
    }
    json.key("abonnementen").begin_array();
    for (const auto& subscription : partner.subscriptions) {
        json.begin_object().member("product", subscription.product).member("plan", subscription.plan);
        json.member("perMinuut", subscription.per_minute).member("perDag", subscription.per_day).end_object();
    }
    json.end_array().end_object();
}

void write_event(JsonWriter& json, const store::PartnerEvent& event) {
    json.begin_object().member("nummer", event.seq).member("partner", event.partner);
    json.member("tijdstip", format_instant(event.instant)).member("wie", event.who).member("stap", event.what);
    if (!event.detail.empty()) json.member("toelichting", event.detail);
    json.end_object();
}

void write_key(JsonWriter& json, const store::KeyRecord& key) {
    json.begin_object().member("prefix", key.prefix).member("partner", key.partner);
    if (!key.product.empty()) json.member("product", key.product);
    json.member("uitgereikt", format_instant(key.issued));
    if (!key.issued_by.empty()) json.member("uitgereiktDoor", key.issued_by);
    if (key.expires) json.member("vervalt", format_instant(*key.expires));
    if (key.revoked) json.member("ingetrokken", format_instant(*key.revoked));
    if (!key.revoked_by.empty()) json.member("ingetrokkenDoor", key.revoked_by);
    if (key.last_used) json.member("laatstGebruikt", format_instant(*key.last_used));
    json.end_object();
}

void write_usage(JsonWriter& json, const store::UsageRecord& usage) {
    json.begin_object().member("product", usage.product).member("dag", format_date(usage.day));
    json.member("aanvragen", usage.served).member("geweigerd", usage.refused).end_object();
}

}  // namespace cvstroom::api
