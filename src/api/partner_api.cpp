#include "api/partner_api.hpp"

#include "api/candidate_batch.hpp"
#include "api/candidate_detail.hpp"
#include "api/candidate_search.hpp"
#include "api/gate.hpp"
#include "api/receipts.hpp"

namespace cvstroom::api {

std::uint64_t PartnerApi::flow_of(const http::Request& request) {
    return registry_.flow_of(key_of(request));
}

http::Response PartnerApi::route(const Call& call) {
    std::string_view path = call.request.path;
    if (const auto list = list_of_path(path)) return reference_list(call, *list);
    if (!path.starts_with(base_path)) return unknown_path(call);
    path.remove_prefix(base_path.size());
    if (path == "/doc/openapi.yaml") {
        call.record.resource = Resource::description;
        return is_get(call.request) ? description_.get(call) : wrong_method(call, "GET, HEAD");
    }
    constexpr std::string_view candidates_path = "/kandidaten";
    if (!path.starts_with(candidates_path)) return unknown_path(call);
    path.remove_prefix(candidates_path.size());
    if (!path.empty() && path.front() != '/') return unknown_path(call);
    if (auto refusal = refuse_entry(call, registry_, partner::product_cv)) return *refusal;
    return candidates(call, path);
}

http::Response PartnerApi::reference_list(const Call& call, std::string_view list) {
    call.record.resource = Resource::reference;
    if (auto refusal = refuse_entry(call, registry_, partner::product_reference)) return *refusal;
    return is_get(call.request) ? lists_.get(call, list) : wrong_method(call, "GET, HEAD");
}

http::Response PartnerApi::candidates(const Call& call, std::string_view rest) {
    if (rest.empty()) {
        call.record.resource = call.request.method == "POST" ? Resource::batch : Resource::search;
        if (is_get(call.request)) return search_candidates(call, services_, long_work_);
        if (call.request.method == "POST") return get_candidates(call, services_, long_work_);
        return wrong_method(call, "GET, HEAD, POST");
    }
    rest.remove_prefix(1);
    if (rest == "bulk/controle" || rest == "bulk/ontvangst") {
        call.record.resource = Resource::bulk;
        if (rest == "bulk/controle")
            return is_get(call.request) ? bulk_.control(call) : wrong_method(call, "GET, HEAD");
        return call.request.method == "POST" ? post_receipt(call, services_) : wrong_method(call, "POST");
    }
    if (rest.find('/') != std::string_view::npos) return unknown_path(call);
    call.record.resource = rest == "bulk" ? Resource::bulk : Resource::detail;
    if (!is_get(call.request)) return wrong_method(call, "GET, HEAD");
    if (rest == "bulk") return bulk_.get(call);
    return get_candidate(call, services_, rest);
}

}  // namespace cvstroom::api
