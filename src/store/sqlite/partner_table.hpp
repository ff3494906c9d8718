// Reading and writing the tables of partners: who they are, what they subscribe to, what was done, what they used.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/partner_store.hpp"
#include "store/sqlite/connection.hpp"

namespace cvstroom::store::sqlite {

// Inside a write transaction that the caller commits.
bool insert_partner(Connection& connection, const PartnerRecord& partner);  // false: the name is taken
void update_partner(Connection& connection, const PartnerRecord& partner);
// At the later of `now` and the newest event's instant.
void insert_event(Connection& connection, const PartnerEvent& event, Instant now);
void add_usage(Connection& connection, std::span<const UsageRecord> usage);

std::optional<PartnerRecord> find_partner(Connection& connection, const std::string& name);
std::vector<PartnerRecord> read_partners(Connection& connection);
std::vector<PartnerEvent> read_events(Connection& connection, const std::string& partner);
std::vector<UsageRecord> read_usage(Connection& connection, const std::string& partner);
Instant latest_instant(Connection& connection);

}  // namespace cvstroom::store::sqlite
