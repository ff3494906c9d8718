// Reading and writing the table of keys.
#pragma once

#include <span>
#include <vector>

#include "store/partner_store.hpp"
#include "store/sqlite/connection.hpp"

namespace cvstroom::store::sqlite {

// Each of these returns whether it did it; the caller commits.
bool insert_key(Connection& connection, const KeyRecord& record);  // false: the prefix is taken
// false: no such prefix
bool revoke_key(Connection& connection, const std::string& prefix, Instant at, const std::string& who);
bool expire_key(Connection& connection, const std::string& prefix, Instant at);  // the same
void revoke_keys_of(Connection& connection, const std::string& partner, Instant at, const std::string& who);
void note_key_uses(Connection& connection, std::span<const KeyUse> uses);

std::vector<KeyRecord> read_keys(Connection& connection);
std::uint64_t keys_revision(Connection& connection);
// For every change of keys, partners or subscriptions.
void raise_keys_revision(Connection& connection);

}  // namespace cvstroom::store::sqlite
