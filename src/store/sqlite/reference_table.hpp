// Reading and writing the table of loaded code lists.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/reference_store.hpp"
#include "store/sqlite/connection.hpp"

namespace cvstroom::store::sqlite {

std::uint32_t add_list(Connection& connection, const ListVersion& list,
                       const std::string& frame);  // the caller commits
std::vector<ListVersion> list_versions(Connection& connection);
std::optional<std::string> list_file(Connection& connection, const std::string& name, std::uint32_t version);
std::uint64_t lists_revision(Connection& connection);

}  // namespace cvstroom::store::sqlite
