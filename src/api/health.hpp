// What a load balancer asks before it sends requests here (Belgif hlth-res), and what Prometheus scrapes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/call.hpp"
#include "api/metrics.hpp"

namespace cvstroom::api {

// The state of one part of the node.
struct PartHealth {
    enum class Status { up, degraded, down };
    Status status = Status::up;
    std::string detail;  // empty when there is nothing to say; English, nothing of a person
};

// UP: everything works. DEGRADED: it serves, but something needs a person's attention. DOWN: send it nothing (503).
// Thread-safe once all parts are added.
class Health {
  public:
    using Check = std::function<PartHealth()>;
    void add_part(std::string name, Check check) { parts_.push_back({std::move(name), std::move(check)}); }

    // GET /health: {"status":"UP","details":{"index":{"status":"UP"}}}; 200, or 503 when DOWN.
    http::Response get(const Call& call) const;

  private:
    struct Part {
        std::string name;
        Check check;
    };
    std::vector<Part> parts_;
};

// GET /metrics, in Prometheus' text format.
http::Response get_metrics(const Call& call, const Metrics& metrics);

}  // namespace cvstroom::api
