// Reading and writing the table of loaded code lists.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/reference_store.hpp"
#include "store/sqlite/connection.hpp"
#include "store/store.hpp"

namespace cvstroom::store::sqlite {

std::uint32_t add_list(Connection& connection, const ListVersion& list,
                       const std::string& frame);  // the caller commits
std::vector<ListVersion> list_versions(Connection& connection);
std::optional<std::string> list_file(Connection& connection, const std::string& name, std::uint32_t version);
std::uint64_t lists_revision(Connection& connection);

// Whether each write that says with which lists it was checked names those that count now.
bool are_checked_as_now(Connection& connection, std::span<const Write> batch);

}  // namespace cvstroom::store::sqlite
