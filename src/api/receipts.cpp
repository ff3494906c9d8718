#include "api/receipts.hpp"

#include <optional>
#include <vector>

#include "api/feed_refusal.hpp"
#include "api/parameters.hpp"
#include "api/receipt_body.hpp"
#include "base/json_writer.hpp"

namespace cvstroom::api {
namespace {

constexpr std::size_t most_listed = 100;  // open removals of one partner

void write_receipt(JsonWriter& json, const store::PartnerReceipt& receipt) {
    json.begin_object().member("partner", receipt.partner);
    if (receipt.last) {
        json.member("toegepastTot", format_instant(receipt.last->covered));
        json.member("bevestigdOp", format_instant(receipt.last->confirmed));
    }
    json.member("openVerwijderingen", receipt.open_count);
    if (!receipt.open.empty()) json.member("oudsteOpenSinds", format_instant(receipt.open.front().since));
    json.key("cvs").begin_array();
    for (const auto& removal : receipt.open) {
        json.begin_object().member("cvId", removal.cv).member("sinds", format_instant(removal.since)).end_object();
    }
    json.end_array().end_object();
}

}  // namespace

http::Response post_receipt(const Call& call, const Services& services) {
    ReceiptBody body(call.request.body);
    if (!body.issues.empty()) return call.answer(http::bad_request(std::move(body.issues)));
    const auto cursor = services.feed.read_cursor(body.cursor);
    if (!cursor && cursor.error().code == ErrorCode::invalid_input) {
        body.add("/vervolg", {"geen 'vervolg' dat deze dienst heeft gegeven", "pas un 'vervolg' donné par ce service",
                              "not a 'vervolg' that this service gave out"});
        return call.answer(http::bad_request(std::move(body.issues)));
    }
    if (!cursor) return refuse_position(call, cursor.error());
    const bool is_half_a_load = !cursor->from && cursor->position < cursor->range.until;
    if (is_half_a_load) {
        body.add("/vervolg", {"de eerste lading is nog niet af: bevestig haar laatste 'vervolg'",
                              "le premier chargement n'est pas terminé: confirmez son dernier 'vervolg'",
                              "the initial load is not finished: confirm its last 'vervolg'"});
        return call.answer(http::bad_request(std::move(body.issues)));
    }
    const bool is_whole = cursor->position >= cursor->range.until;
    const store::Receipt receipt{call.record.partner, cursor->position, is_whole ? cursor->until : *cursor->from,
                                 services.clock.now()};
    if (const auto done = services.store.confirm(receipt); !done) return failure(call, done.error());
    http::Response response;
    response.status = 204;
    return response;
}

std::string receipts_json(const std::vector<store::PartnerReceipt>& receipts) {
    std::string body;
    JsonWriter json(body);
    json.begin_object().member("aantal", receipts.size()).key("ontvangsten").begin_array();
    for (const auto& receipt : receipts) write_receipt(json, receipt);
    json.end_array().end_object();
    return body;
}

http::Response list_receipts(const Call& call, const Services& services) {
    if (!call.request.query.empty()) {
        return bad_parameters(call, {{ParameterIssue::Kind::unknown,
                                      std::string(call.request.query),
                                      "",
                                      {"deze aanvraag heeft geen parameters", "cette requête n'a pas de paramètres",
                                       "this request takes no parameters"}}});
    }
    const auto receipts = services.store.receipts(most_listed);
    if (!receipts) return failure(call, receipts.error());
    return json_response(call, receipts_json(*receipts));
}

}  // namespace cvstroom::api
