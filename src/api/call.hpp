// What every resource works with: the services of this node, and the call at hand.
#pragma once

#include <string_view>

#include "api/call_record.hpp"
#include "api/document_cache.hpp"
#include "audit/recorder.hpp"
#include "base/time.hpp"
#include "feed/feed.hpp"
#include "http/message.hpp"
#include "http/negotiation.hpp"
#include "http/problem.hpp"
#include "index/index.hpp"
#include "reference/current_lists.hpp"
#include "store/store.hpp"

namespace cvstroom::api {

// Everything handed in; all of it outlives the API and is thread-safe.
struct Services {
    store::Store& store;
    index::Index& index;
    feed::Feed& feed;
    const reference::CurrentLists& lists;
    DocumentCache& documents;
    const Clock& clock;
    audit::Recorder* audit = nullptr;  // null: nothing is recorded
};

// One request with what was negotiated for it.
struct Call {
    const http::Request& request;
    http::Language language;
    http::Coding coding;
    CallRecord& record;

    Call(const http::Request& received, CallRecord& remembered)
        : request(received),
          language(http::choose_language(received.field("Accept-Language"))),
          coding(http::choose_coding(received.field("Accept-Encoding"))),
          record(remembered) {}

    http::Response answer(const http::Problem& problem) const { return http::to_response(problem, language); }
};

// 200 with a JSON body, compressed as negotiated.
http::Response json_response(const Call& call, std::string body);

// Logs the error and answers 503 or 500: what went wrong inside is nobody's business outside (Belgif err-sanit).
http::Response failure(const Call& call, const Error& error);

// The name of the CV's identity, wherever it stands on the wire.
inline constexpr std::string_view base_path = "/services/openservices/v1";

}  // namespace cvstroom::api
