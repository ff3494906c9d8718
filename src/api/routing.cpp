#include "api/routing.hpp"

#include "api/tracing.hpp"

namespace cvstroom::api {

bool is_get(const http::Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

http::Response wrong_method(const Call& call, std::string_view allowed) {
    auto response = call.answer(http::method_not_allowed(call.request.method));
    response.set("Allow", std::string(allowed));
    return response;
}

http::Response unknown_path(const Call& call) {
    return call.answer(http::not_found(local_text("dit pad bestaat niet; zie {}/doc/openapi.yaml",
                                                  "ce chemin n'existe pas; voir {}/doc/openapi.yaml",
                                                  "this path does not exist; see {}/doc/openapi.yaml", base_path)));
}

void Door::handle(const http::Request& request, http::Reply reply) {
    auto response = route(Call(request));
    set_trace_ids(request, response);
    reply(std::move(response));
}

http::Response Door::refuse(unsigned status, std::string_view reason) {
    auto response = http::to_response(http::transport_problem(status, reason), http::Language::dutch);
    set_trace_ids(http::Request{}, response);
    return response;
}

}  // namespace cvstroom::api
