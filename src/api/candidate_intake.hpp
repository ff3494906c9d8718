// The provider's documents: PUT, DELETE and GET of one, and a load of many (SPEC 7).
#pragma once

#include <string_view>

#include "api/call.hpp"
#include "store/loaded_lists.hpp"

namespace cvstroom::api {

// 201 created, 200 changed or unchanged; 400 with every fault by JSON Pointer; 412 when If-Match or If-None-Match: *
// fails. The document is checked with the lists that count when it is stored.
http::Response put_candidate(const Call& call, const Services& services, store::ListFollower& lists,
                             std::string_view id);

// 200 with the tombstone's version; 404 for an id that never existed; 412 as above.
http::Response delete_candidate(const Call& call, const Services& services, std::string_view id);

// The document as the provider stored it, also when it is withdrawn; the tombstone after an erasure; 404.
http::Response read_candidate(const Call& call, const Services& services, std::string_view id);

// NDJSON in, NDJSON out: a result for every line that is not blank, and a closing line with the counts. Always 200:
// each line stands for itself.
http::Response load_candidates(const Call& call, const Services& services, store::ListFollower& lists);

}  // namespace cvstroom::api
