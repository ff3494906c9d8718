#include "store/sqlite/partner_table.hpp"

#include <algorithm>

#include "store/sqlite/log_table.hpp"

namespace cvstroom::store::sqlite {
namespace {

std::int64_t to_days(Date date) {
    return std::chrono::sys_days(date).time_since_epoch().count();
}

Date to_date(std::int64_t days) {
    return Date{std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}};
}

void write_subscriptions(Connection& connection, const PartnerRecord& partner) {
    connection.query("DELETE FROM subscription WHERE partner = (SELECT id FROM partner WHERE name = ?)")
        .bind_text(1, partner.name)
        .run();
    for (const auto& subscription : partner.subscriptions) {
        connection.query("INSERT INTO subscription SELECT id, ?2, ?3, ?4, ?5 FROM partner WHERE name = ?1")
            .bind_text(1, partner.name)
            .bind_text(2, subscription.product)
            .bind_text(3, subscription.plan)
            .bind(4, subscription.per_minute)
            .bind(5, subscription.per_day)
            .run();
    }
}

// Columns: name, contact, state, contract_reference, contract_signed_on, contract_signed_by.
PartnerRecord partner_of(const Query& query) {
    PartnerRecord partner;
    partner.name = std::string(query.text(0));
    partner.contact = std::string(query.text(1));
    partner.state = std::string(query.text(2));
    if (!query.is_null(3)) {
        partner.contract =
            ContractRecord{std::string(query.text(3)), to_date(query.integer(4)), std::string(query.text(5))};
    }
    return partner;
}

constexpr const char* select_partners =
    "SELECT name, contact, state, contract_reference, contract_signed_on, contract_signed_by FROM partner ORDER BY "
    "name";
constexpr const char* select_partner =
    "SELECT name, contact, state, contract_reference, contract_signed_on, contract_signed_by FROM partner WHERE name = "
    "?";

std::vector<SubscriptionRecord> subscriptions_of(Connection& connection, const std::string& partner) {
    auto query = connection.query(
        "SELECT product, plan, per_minute, per_day FROM subscription "
        "WHERE partner = (SELECT id FROM partner WHERE name = ?) ORDER BY product");
    query.bind_text(1, partner);
    std::vector<SubscriptionRecord> subscriptions;
    while (query.step()) {
        subscriptions.push_back({std::string(query.text(0)), std::string(query.text(1)), query.unsigned_integer(2),
                                 query.unsigned_integer(3)});
    }
    return subscriptions;
}

}  // namespace

bool insert_partner(Connection& connection, const PartnerRecord& partner) {
    connection.query("INSERT OR IGNORE INTO partner(name, contact, state) VALUES(?, ?, ?)")
        .bind_text(1, partner.name)
        .bind_text(2, partner.contact)
        .bind_text(3, partner.state)
        .run();
    if (connection.changes() == 0) return false;
    update_partner(connection, partner);
    return true;
}

void update_partner(Connection& connection, const PartnerRecord& partner) {
    auto query = connection.query(
        "UPDATE partner SET contact = ?, state = ?, contract_reference = ?, contract_signed_on = ?, "
        "contract_signed_by = ? WHERE name = ?");
    query.bind_text(1, partner.contact).bind_text(2, partner.state).bind_text(6, partner.name);
    if (partner.contract) {
        query.bind_text(3, partner.contract->reference).bind(4, to_days(partner.contract->signed_on));
        query.bind_text(5, partner.contract->signed_by);
    }
    query.run();
    write_subscriptions(connection, partner);
}

void insert_event(Connection& connection, const PartnerEvent& event, Instant now) {
    connection
        .query(
            "INSERT INTO partner_event(partner, instant, who, what, detail) "
            "SELECT id, max(?2, (SELECT coalesce(max(instant), 0) FROM partner_event)), ?3, ?4, ?5 "
            "FROM partner WHERE name = ?1")
        .bind_text(1, event.partner)
        .bind(2, to_microseconds(now))
        .bind_text(3, event.who)
        .bind_text(4, event.what)
        .bind_text(5, event.detail)
        .run();
}

void add_usage(Connection& connection, std::span<const UsageRecord> usage) {
    for (const auto& use : usage) {
        connection
            .query(
                "INSERT INTO usage SELECT id, ?2, ?3, ?4, ?5 FROM partner WHERE name = ?1 "
                "ON CONFLICT(partner, product, day) DO UPDATE SET served = served + ?4, refused = refused + ?5")
            .bind_text(1, use.partner)
            .bind_text(2, use.product)
            .bind(3, to_days(use.day))
            .bind(4, use.served)
            .bind(5, use.refused)
            .run();
    }
}

std::optional<PartnerRecord> find_partner(Connection& connection, const std::string& name) {
    std::optional<PartnerRecord> partner;
    {
        auto query = connection.query(select_partner);
        query.bind_text(1, name);
        if (query.step()) partner = partner_of(query);
    }
    if (partner) partner->subscriptions = subscriptions_of(connection, partner->name);
    return partner;
}

std::vector<PartnerRecord> read_partners(Connection& connection) {
    std::vector<PartnerRecord> partners;
    {
        auto query = connection.query(select_partners);
        while (query.step()) partners.push_back(partner_of(query));
    }
    for (auto& partner : partners) partner.subscriptions = subscriptions_of(connection, partner.name);
    return partners;
}

std::vector<PartnerEvent> read_events(Connection& connection, const std::string& partner) {
    auto query = connection.query(
        "SELECT e.seq, p.name, e.instant, e.who, e.what, e.detail FROM partner_event e JOIN partner p ON p.id = "
        "e.partner "
        "WHERE p.name = ? ORDER BY e.seq");
    query.bind_text(1, partner);
    std::vector<PartnerEvent> events;
    while (query.step()) {
        events.push_back({query.unsigned_integer(0), std::string(query.text(1)), to_instant(query.integer(2)),
                          std::string(query.text(3)), std::string(query.text(4)), std::string(query.text(5))});
    }
    return events;
}

std::vector<UsageRecord> read_usage(Connection& connection, const std::string& partner) {
    auto query = connection.query(
        "SELECT p.name, u.product, u.day, u.served, u.refused FROM usage u JOIN partner p ON p.id = u.partner "
        "WHERE p.name = ? ORDER BY u.day DESC, u.product");
    query.bind_text(1, partner);
    std::vector<UsageRecord> usage;
    while (query.step()) {
        usage.push_back({std::string(query.text(0)), std::string(query.text(1)), to_date(query.integer(2)),
                         query.unsigned_integer(3), query.unsigned_integer(4)});
    }
    return usage;
}

Instant latest_instant(Connection& connection) {
    auto query = connection.query(
        "SELECT max((SELECT horizon FROM head), (SELECT coalesce(max(instant), 0) FROM partner_event), "
        "(SELECT coalesce(max(max(issued, coalesce(last_used, 0))), 0) FROM api_key))");
    if (!query.step()) throw SqliteFault(SQLITE_CORRUPT, "the database has no head");
    return to_instant(query.integer(0));
}

}  // namespace cvstroom::store::sqlite
