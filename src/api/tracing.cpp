#include "api/tracing.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>

#include "base/uuid.hpp"

namespace cvstroom::api {
namespace {

// Trace ids must be unlike each other, not unguessable: a generator a thread is enough, and costs next to nothing.
Uuid next_trace_id() {
    thread_local std::mt19937_64 generator{[] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }()};
    const std::array<std::uint64_t, 2> words{generator(), generator()};
    Uuid id;
    std::memcpy(id.bytes.data(), words.data(), id.bytes.size());
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x40U);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
    return id;
}

bool may_be_repeated(std::string_view id) {
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    });
}

}  // namespace

std::string set_trace_ids(const http::Request& request, http::Response& response) {
    std::string id = next_trace_id().to_string();
    response.set("BelGov-Trace-Id", id);
    const auto related = request.field("BelGov-Trace-Id");
    if (may_be_repeated(related)) response.set("BelGov-Related-Trace-Id", std::string(related));
    return id;
}

}  // namespace cvstroom::api
