// Stands before the partners' door of a sandbox: watches what each key's client does, and misbehaves as that key's
// partner asked for (PUT /sandbox/v1/storingen). A server for production has no such door.
#pragma once

#include <memory>

#include "api/delays.hpp"
#include "api/sandbox_partner.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

namespace cvstroom::api {

// Thread-safe. A key without faults gets what it would get without this door, byte for byte but for the moment at which
// an answer of bulk is compressed.
class FaultyDoor final : public http::Handler {
  public:
    // `partners` is the door behind this one, `sandbox` the resources of the sandbox itself. All outlive the door.
    FaultyDoor(http::Handler& partners, http::Handler& sandbox, SandboxPartners& known, const Clock& clock)
        : partners_(partners), sandbox_(sandbox), known_(known), clock_(clock) {}

    void handle(const http::Request& request, http::Reply reply) override;
    std::uint64_t flow_of(const http::Request& request) override { return partners_.flow_of(request); }
    http::Response refuse(unsigned status, std::string_view reason) override {
        return partners_.refuse(status, reason);
    }

  private:
    struct Exchange;

    http::Response observed(Exchange& exchange, http::Response response);
    void observe_bulk(Exchange& exchange, http::Response& response);

    http::Handler& partners_;
    http::Handler& sandbox_;
    SandboxPartners& known_;
    const Clock& clock_;
    Delays delays_;
};

}  // namespace cvstroom::api
