// Partners and keys as JSON, for the provider's door and for commands with --json.
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.hpp"
#include "store/partner_store.hpp"

namespace cvstroom::api {

// Each writes one object.
void write_partner(JsonWriter& json, const store::PartnerRecord& partner);
void write_event(JsonWriter& json, const store::PartnerEvent& event);
void write_key(JsonWriter& json, const store::KeyRecord& key);
void write_usage(JsonWriter& json, const store::UsageRecord& usage);

}  // namespace cvstroom::api
