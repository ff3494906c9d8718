// Reading and writing the table of keys.
#pragma once

#include <vector>

#include "store/key_store.hpp"
#include "store/sqlite/connection.hpp"

namespace cvstroom::store::sqlite {

// Each returns whether it did it; the caller commits.
bool insert_key(Connection& connection, const KeyRecord& record);                // false: the prefix is taken
bool revoke_key(Connection& connection, const std::string& prefix, Instant at);  // false: no such prefix
std::vector<KeyRecord> read_keys(Connection& connection);
std::uint64_t keys_revision(Connection& connection);

}  // namespace cvstroom::store::sqlite
