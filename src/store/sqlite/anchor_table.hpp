// The table audit_anchor.
#pragma once

#include <vector>

#include "store/anchor_store.hpp"
#include "store/sqlite/connection.hpp"

namespace cvstroom::store::sqlite {

// Inside a write transaction of the caller's.
void save_anchor(Connection& connection, const AuditAnchor& anchor);
std::vector<AuditAnchor> read_anchors(Connection& connection);

}  // namespace cvstroom::store::sqlite
