// The provider's partners and their keys (SPEC 7), under /beheer/v1/partners and /beheer/v1/sleutels.
#pragma once

#include <optional>
#include <string_view>

#include "api/call.hpp"
#include "partner/partners.hpp"

namespace cvstroom::api {

// Nothing when the path is not one of these. The caller has passed the gate: its name stands in call.record, and in
// the history of all that it does.
std::optional<http::Response> administer_partners(const Call& call, partner::Partners& partners,
                                                  store::PartnerStore& store);

}  // namespace cvstroom::api
