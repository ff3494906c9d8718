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
    std::string product;  // what it opens: "cv", "referentie", "beheer"; empty: all that the partner subscribes to
    Instant issued{};
    std::optional<Instant> revoked{};
    std::optional<Instant> expires{};    // from then on it opens nothing
    std::optional<Instant> last_used{};  // coarse: written now and then
    std::string issued_by{};             // empty: not known, it is older than the format that has this
    std::string revoked_by{};            // likewise
};

// Thread-safe.
class KeyStore {
  public:
    virtual ~KeyStore() = default;
    // All keys, revoked ones too, by partner and instant of issue.
    virtual Result<std::vector<KeyRecord>> keys() = 0;
    // Changes whenever keys, partners or subscriptions may have changed, also by another process; cheap to ask.
    virtual Result<std::uint64_t> keys_revision() = 0;
};

}  // namespace cvstroom::store
