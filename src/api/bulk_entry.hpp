// One entry of the feed as it stands on the wire (SPEC 5): in a page and in a stream alike.
#pragma once

#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "store/store.hpp"

namespace cvstroom::api {

// The members of an entry, inside an object that the caller has open.
inline void write_change_members(JsonWriter& json, const store::Change& change) {
    json.member("cvId", change.cv);
    json.member("status", candidate::wire_name(change.status));
    json.member("gewijzigdOp", format_instant(change.instant));
    json.member("versie", std::int64_t{change.version});
}

}  // namespace cvstroom::api
