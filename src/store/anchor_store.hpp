// Where the audit's heads are remembered, apart from its files: so that files which were cut or replaced are found out.
#pragma once

#include <cstdint>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"

namespace cvstroom::store {

// How far a chain of audit files had come at an instant (audit/chain.hpp).
struct AuditAnchor {
    Uuid chain;
    std::uint64_t seal = 0;
    Sha256 code{};
    Instant at{};
};

// Thread-safe.
class AnchorStore {
  public:
    virtual ~AnchorStore() = default;
    // Remembers it in place of the chain's earlier one, durably.
    virtual Result<void> save_anchor(const AuditAnchor& anchor) = 0;
    // One a chain.
    virtual Result<std::vector<AuditAnchor>> anchors() = 0;
};

}  // namespace cvstroom::store
