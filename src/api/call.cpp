#include "api/call.hpp"

#include <spdlog/spdlog.h>

#include "api/logged_path.hpp"

namespace cvstroom::api {

http::Response json_response(const Call& call, std::string body) {
    http::Response response;
    response.body = std::move(body);
    response.set("Content-Type", "application/json");
    response.set("Cache-Control", "private, no-store");
    response.set("Vary", "Accept-Encoding");
    http::encode_body(response, call.coding);
    return response;
}

http::Response failure(const Call& call, const Error& error) {
    spdlog::error("{} {}: {}", call.request.method, logged_path(call.request.path), to_string(error));
    // A conflict that comes here is with another writer, who went first several times.
    const bool may_pass =
        error.code == ErrorCode::unavailable || error.code == ErrorCode::io || error.code == ErrorCode::conflict;
    return call.answer(may_pass ? http::unavailable() : http::internal_error());
}

}  // namespace cvstroom::api
