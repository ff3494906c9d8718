#include "mirror/receipts.hpp"

#include <algorithm>

#include "base/json_writer.hpp"

namespace cvstroom::mirror {
namespace {

constexpr std::chrono::seconds least_between{5};

bool is_not_there(const HttpResponse& response) {
    return response.status == 404 || response.status == 405 || response.status == 501;
}

}  // namespace

void Receipts::confirm(const State& state, bool is_idle) {
    if (!is_offered_ || state.phase != Phase::following || state.cursor.empty() || state.cursor == confirmed_) return;
    is_waiting_ = !is_idle && Clock::now() - sent_at_ < least_between;
    if (is_waiting_) return;
    if (const auto unresolved = sink_.unresolved(); !unresolved || !unresolved->empty()) return;
    send(state.cursor);
}

std::chrono::seconds Receipts::patience(std::chrono::seconds most) const {
    return is_waiting_ ? std::min(most, least_between) : most;
}

void Receipts::send(const std::string& cursor) {
    HttpRequest request;
    request.method = "POST";
    request.url = api_.base() + "/kandidaten/bulk/ontvangst";
    request.fields = {"Accept: application/json", "Content-Type: application/json"};
    JsonWriter json(request.body);
    json.begin_object().member("vervolg", cursor).end_object();
    sent_at_ = Clock::now();
    const auto response = api_.caller().once(std::move(request));
    const auto verdict = verdict_of(response);
    if (response.status >= 200 && response.status < 300) {
        confirmed_ = cursor;
    } else if (is_not_there(response)) {
        is_offered_ = false;
    } else if (verdict == Verdict::accept || verdict == Verdict::key_refused) {
        is_offered_ = false;
        observer_.on_note("the API takes no receipt of what has been applied (" + describe(response) + ")");
    }
}

}  // namespace cvstroom::mirror
