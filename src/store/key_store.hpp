// Where partners' and administrators' keys are kept: digests only, never the key (SPEC 1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace cvstroom::store {

struct KeyRecord {
    std::string prefix;   // non-secret name of the key, unique
    Sha256 digest{};      // of the whole key
    std::string partner;  // who holds it
    std::string product;  // what it opens: "cv", "referentie", "beheer"
    Instant issued{};
    std::optional<Instant> revoked;
};

// Thread-safe.
class KeyStore {
  public:
    virtual ~KeyStore() = default;
    // Conflict when the prefix is taken.
    virtual Result<void> insert_key(const KeyRecord& record) = 0;
    // not_found when there is no such prefix; revoking twice keeps the first instant.
    virtual Result<void> revoke_key(const std::string& prefix, Instant at) = 0;
    // All keys, revoked ones too, by partner and instant of issue.
    virtual Result<std::vector<KeyRecord>> keys() = 0;
    // Changes whenever the keys may have changed, also by another process; cheap to ask.
    virtual Result<std::uint64_t> keys_revision() = 0;
};

}  // namespace cvstroom::store
