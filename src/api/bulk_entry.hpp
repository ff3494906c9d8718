// One entry of the feed as it stands on the wire (SPEC 5): in a page and in a stream alike.
#pragma once

#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "store/store.hpp"

namespace cvstroom::api {

// The members of an entry, inside an object that the caller has open. `has_left`: the CV is published still, and out of
// the selection that was asked for.
inline void write_change_members(JsonWriter& json, const store::Change& change, bool has_left = false) {
    json.member("cvId", change.cv);
    json.member("status", has_left ? "BUITEN_SELECTIE" : candidate::wire_name(change.status));
    json.member("gewijzigdOp", format_instant(change.instant));
    json.member("versie", std::int64_t{change.version});
}

}  // namespace cvstroom::api
