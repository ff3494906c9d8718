#include "api/client_record.hpp"

#include <algorithm>

namespace cvstroom::api {
namespace {

constexpr std::size_t most_ends = 10'000;
constexpr std::size_t longest_subject = 160;

Example request_example(const std::string& target) {
    return {target.substr(0, longest_subject), std::nullopt, std::nullopt};
}

}  // namespace

void ClientRecord::asked(Time now, const std::string& target) {
    if (now >= wait_until_ || now < told_to_wait_ + on_its_way) return;
    findings_[FindingKind::ignored_wait].add(request_example(target));
}

void ClientRecord::told_to_wait(Time now, std::chrono::seconds wait) {
    if (now >= wait_until_) told_to_wait_ = now;
    wait_until_ = std::max(wait_until_, now + wait);
}

bool ClientRecord::continues(const BulkAsked& request) const {
    if (request.target == unfinished_->target) return true;  // tried again
    if (request.cursor) return unfinished_->is_stream || *request.cursor == unfinished_->cursor;
    return request.window == unfinished_->window && request.offset <= unfinished_->next_offset && request.offset > 0;
}

void ClientRecord::asked_bulk(const BulkAsked& request) {
    if (must_start_over_) {
        if (!request.starts_over()) findings_[FindingKind::did_not_restart].add(request_example(request.target));
        must_start_over_ = !request.starts_over();
        unfinished_.reset();
    }
    if (unfinished_ && !continues(request)) {
        findings_[FindingKind::left_window].add(request_example(unfinished_->target));
        unfinished_.reset();
    }
    if (request.from && request.offset == 0) check_from(request);
}

void ClientRecord::check_from(const BulkAsked& request) {
    if (ends_.empty() || ends_.contains(*request.from)) return;
    const bool is_beyond = *request.from > *ends_.rbegin();
    findings_[is_beyond ? FindingKind::own_clock : FindingKind::overlapping].add(request_example(request.target));
}

void ClientRecord::told(const BulkAsked& request, const BulkTold& answer) {
    told_in_stream(request, answer);
    if (answer.is_last) return;
    unfinished_ =
        Unfinished{request.target, request.window, request.offset + answer.entries.size(), answer.cursor, false};
}

void ClientRecord::told_in_stream(const BulkAsked& request, const BulkTold& line) {
    for (const auto& entry : line.entries) {
        Seen& seen = seen_[entry.cv];
        seen.told = std::max(seen.told, entry.version);
        if (entry.has_document) seen.delivered = std::max(seen.delivered, entry.version);
    }
    if (line.until) {
        ends_.insert(*line.until);
        if (ends_.size() > most_ends) ends_.erase(ends_.begin());
    }
    if (line.is_last) {
        unfinished_.reset();
    } else if (!line.cursor.empty()) {
        unfinished_ = Unfinished{request.target, {}, 0, line.cursor, true};
    }
}

void ClientRecord::delivered(const Uuid& cv, store::Version version) {
    Seen& seen = seen_[cv];
    if (seen.delivered >= version) {
        findings_[FindingKind::needless_details].add({cv.to_string(), seen.delivered, version});
    }
    seen.delivered = std::max(seen.delivered, version);
}

void ClientRecord::begin_other_history() {
    seen_.clear();
    ends_.clear();
    unfinished_.reset();
}

ClientRecord::Seen ClientRecord::seen(const Uuid& cv) const {
    const auto found = seen_.find(cv);
    return found == seen_.end() ? Seen{} : found->second;
}

Findings ClientRecord::findings() const {
    Findings all = findings_;
    if (unfinished_) all[FindingKind::never_last].add(request_example(unfinished_->target));
    return all;
}

}  // namespace cvstroom::api
