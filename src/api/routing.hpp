// What both doors, the partners' and the provider's, share.
#pragma once

#include <chrono>
#include <string_view>

#include "api/call.hpp"
#include "api/metrics.hpp"

namespace cvstroom::api {

// HEAD is GET; the transport leaves the body out.
bool is_get(const http::Request& request);

http::Response wrong_method(const Call& call, std::string_view allowed);
http::Response unknown_path(const Call& call);

// Routes a request to its resource, traces the answer, and counts it.
class Door : public http::Handler {
  public:
    // `metrics` outlives the door.
    explicit Door(Metrics& metrics) : metrics_(metrics) {}

    void handle(const http::Request& request, http::Reply reply) final;
    http::Response refuse(unsigned status, std::string_view reason) final;

  private:
    virtual http::Response route(const Call& call) = 0;
    http::Response finish(const http::Request& request, CallRecord& record, std::chrono::nanoseconds took,
                          http::Response response);

    Metrics& metrics_;
};

}  // namespace cvstroom::api
