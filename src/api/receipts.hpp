// Receipts: a partner confirms "applied up to here", and the provider sees which removals are still open at whom.
#pragma once

#include "api/call.hpp"

namespace cvstroom::api {

// POST /kandidaten/bulk/ontvangst, with {"vervolg": "…"}: 204 once it is durable.
http::Response post_receipt(const Call& call, const Services& services);

// GET /beheer/v1/ontvangsten.
http::Response list_receipts(const Call& call, const Services& services);

// The same as a JSON text, for the command line too.
std::string receipts_json(const std::vector<store::PartnerReceipt>& receipts);

}  // namespace cvstroom::api
