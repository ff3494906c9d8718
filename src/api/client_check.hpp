// Compares what a client holds with what it should hold.
#pragma once

#include <cstdint>
#include <vector>

#include "api/finding.hpp"
#include "api/held_list.hpp"
#include "api/sandbox_partner.hpp"
#include "base/result.hpp"
#include "store/store.hpp"

namespace cvstroom::api {

struct Comparison {
    std::uint64_t expected = 0;  // how many CVs it should hold
    Findings findings;
};

// `until`: the last entry of the log that the client says it has applied. A CV that it holds in a later state than
// that, which exists, is no fault: it was fetched meanwhile. O(CVs).
Result<Comparison> compare(store::Store& store, store::Seq until, const std::vector<HeldCandidate>& held,
                           SandboxPartner& partner);

}  // namespace cvstroom::api
