#include "api/administration_api.hpp"

#include "api/candidate_intake.hpp"
#include "api/gate.hpp"
#include "api/loaded_lists.hpp"
#include "api/partners.hpp"
#include "api/receipts.hpp"

namespace cvstroom::api {

http::Response AdministrationApi::route(const Call& call) {
    std::string_view path = call.request.path;
    if (path == "/health" || path == "/metrics") {
        call.record.resource = Resource::operations;
        if (!is_get(call.request)) return wrong_method(call, "GET, HEAD");
        return path == "/health" ? health_.get(call) : get_metrics(call, metrics_);
    }
    call.record.resource = Resource::administration;
    if (!path.starts_with("/beheer/v1/")) return unknown_path(call);
    if (auto refusal = refuse_entry(call, registry_, partner::product_administration)) return *refusal;
    if (auto answer = administer_partners(call, partners_, partner_store_)) return std::move(*answer);
    if (auto answer = administer_lists(call, services_, reference_store_, lists_)) return std::move(*answer);
    if (path == "/beheer/v1/ontvangsten") {
        return is_get(call.request) ? list_receipts(call, services_) : wrong_method(call, "GET, HEAD");
    }
    constexpr std::string_view persons_path = "/beheer/v1/personen/";
    if (path.starts_with(persons_path)) return person(call, path.substr(persons_path.size()));
    constexpr std::string_view candidates_path = "/beheer/v1/kandidaten";
    if (!path.starts_with(candidates_path)) return unknown_path(call);
    path.remove_prefix(candidates_path.size());
    if (!path.empty() && (path.front() != '/' || path.find('/', 1) != std::string_view::npos))
        return unknown_path(call);
    return candidates(call, path);
}

http::Response AdministrationApi::person(const Call& call, std::string_view id) {
    call.record.resource = Resource::person;
    if (is_get(call.request)) return get_person(call, services_, audit_folder_, id);
    if (call.request.method == "DELETE") return delete_person(call, services_, purge_index_, id);
    return wrong_method(call, "GET, HEAD, DELETE");
}

http::Response AdministrationApi::candidates(const Call& call, std::string_view rest) {
    if (rest.empty()) {
        return call.request.method == "POST" ? load_candidates(call, services_, lists_) : wrong_method(call, "POST");
    }
    rest.remove_prefix(1);
    if (call.request.method == "PUT") return put_candidate(call, services_, lists_, rest);
    if (call.request.method == "DELETE") return delete_candidate(call, services_, rest);
    if (is_get(call.request)) return read_candidate(call, services_, rest);
    return wrong_method(call, "GET, HEAD, PUT, DELETE");
}

}  // namespace cvstroom::api
