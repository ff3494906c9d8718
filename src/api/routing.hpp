// What both doors, the partners' and the provider's, share.
#pragma once

#include <chrono>
#include <string_view>

#include "api/call.hpp"
#include "api/metrics.hpp"
#include "audit/recorder.hpp"

namespace cvstroom::api {

// HEAD is GET; the transport leaves the body out.
bool is_get(const http::Request& request);

http::Response wrong_method(const Call& call, std::string_view allowed);
http::Response unknown_path(const Call& call);

// What a door does with every answer. All outlive the doors.
struct Instruments {
    Metrics& metrics;
    audit::Recorder* audit;  // null: nothing is recorded (a benchmark's choice)
};

// Routes a request to its resource, traces the answer, counts it, and lets nothing of a CV go before it is recorded.
class Door : public http::Handler {
  public:
    explicit Door(const Instruments& instruments) : metrics_(instruments.metrics), audit_(instruments.audit) {}

    void handle(const http::Request& request, http::Reply reply) final;
    http::Response refuse(unsigned status, std::string_view reason) final;

  private:
    virtual http::Response route(const Call& call) = 0;
    // Traces, counts and, when it gives something of a CV, records the answer; then it goes.
    void finish(const http::Request& request, CallRecord& record, std::chrono::nanoseconds took,
                http::Response response, const http::Reply& reply);

    Metrics& metrics_;
    audit::Recorder* const audit_;
};

}  // namespace cvstroom::api
