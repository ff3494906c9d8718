#include "api/health.hpp"

#include <algorithm>
#include <array>

#include "base/json_writer.hpp"

namespace cvstroom::api {
namespace {

std::string_view wire_name(PartHealth::Status status) {
    static constexpr std::array<std::string_view, 3> names{"UP", "DEGRADED", "DOWN"};
    return names[static_cast<std::size_t>(status)];
}

}  // namespace

http::Response Health::get(const Call& call) const {
    auto worst = PartHealth::Status::up;
    std::string details;
    JsonWriter json(details);
    json.begin_object();
    for (const auto& part : parts_) {
        const auto health = part.check();
        worst = std::max(worst, health.status);
        json.key(part.name).begin_object().member("status", wire_name(health.status));
        if (!health.detail.empty()) json.member("detail", health.detail);
        json.end_object();
    }
    json.end_object();
    std::string body;
    JsonWriter(body).begin_object().member("status", wire_name(worst)).key("details").raw(details).end_object();
    auto response = json_response(call, std::move(body));
    if (worst == PartHealth::Status::down) response.status = 503;
    return response;
}

http::Response get_metrics(const Call& call, const Metrics& metrics) {
    auto response = json_response(call, metrics.scrape());
    response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    return response;
}

}  // namespace cvstroom::api
