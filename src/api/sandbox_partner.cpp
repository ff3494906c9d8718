#include "api/sandbox_partner.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "sandbox/random.hpp"

namespace cvstroom::api {
namespace {

using sandbox::FaultKind;
using std::chrono::seconds;

constexpr std::size_t most_cases = 20;
constexpr std::size_t longest_target = 160;

std::uint64_t number_of(const BulkEntry& entry) {
    std::uint64_t number = entry.version;
    for (const auto byte : entry.cv.bytes) number = sandbox::mix(number + byte + sandbox::golden);
    return number;
}

}  // namespace

void SandboxPartner::set_faults(const std::vector<sandbox::Fault>& faults, Time now, Instant instant,
                                RestoredCopy* copy) {
    const std::lock_guard lock(mutex_);
    active_.clear();
    copy_ = copy;
    for (auto& [name, late] : late_) late.due = now;  // nothing stays withheld for ever
    for (const auto& fault : faults) active_.push_back({{fault, fault.lasts, 0, 0, {}}, now, instant});
}

std::vector<FaultState> SandboxPartner::faults(Time now) {
    const std::lock_guard lock(mutex_);
    std::vector<FaultState> states;
    for (const auto& active : active_) {
        const auto over = active.begin + active.state.fault.lasts;
        if (now >= over) continue;
        states.push_back(active.state);
        states.back().left = std::chrono::ceil<seconds>(over - now);
    }
    return states;
}

SandboxPartner::Active* SandboxPartner::find(FaultKind kind, Time now) {
    for (auto& active : active_) {
        const auto& fault = active.state.fault;
        if (fault.kind == kind && now < active.begin + fault.lasts) return &active;
    }
    return nullptr;
}

RestoredCopy* SandboxPartner::restored(Time now) {
    const auto* active = find(FaultKind::restored, now);
    return active != nullptr && now >= active->begin + active->state.fault.pause ? copy_ : nullptr;
}

RestoredCopy* SandboxPartner::history(Time now) {
    const std::lock_guard lock(mutex_);
    return restored(now);
}

void SandboxPartner::notice_history(Time now) {
    const auto* current = restored(now);
    if (current == noticed_) return;
    noticed_ = current;
    record_.begin_other_history();
}

bool SandboxPartner::strike(Active& active, const std::string& target, Instant instant) {
    FaultState& state = active.state;
    const std::uint64_t number = state.considered++;
    if (!sandbox::strikes(state.fault, number)) return false;
    remember(state, {number, instant, target.substr(0, longest_target)});
    return true;
}

FaultPlan SandboxPartner::begin(const std::string& target, const BulkAsked* bulk, Time now, Instant instant) {
    const std::lock_guard lock(mutex_);
    notice_history(now);
    record_.asked(now, target);
    FaultPlan plan;
    if (auto* storm = find(FaultKind::storm, now)) {
        if (now >= storm->storm_until && strike(*storm, target, instant)) {
            storm->storm_until = now + storm->state.fault.pause;
        }
        if (now < storm->storm_until) {
            plan.refusal = FaultPlan::Refusal::storm;
            plan.retry_after = std::max(seconds(1), std::chrono::ceil<seconds>(storm->storm_until - now));
            record_.told_to_wait(now, plan.retry_after);
            return plan;
        }
    }
    if (auto* error = find(FaultKind::server_error, now); error && strike(*error, target, instant)) {
        plan.refusal = FaultPlan::Refusal::server_error;
        return plan;
    }
    if (bulk != nullptr) {
        record_.asked_bulk(*bulk);
        if (auto* gone = find(FaultKind::expired, now); gone != nullptr && !gone->is_spent) {
            gone->is_spent = bulk->starts_over();
            if (!gone->is_spent && strike(*gone, target, instant)) {
                record_.told_that_history_is_gone();
                plan.refusal = FaultPlan::Refusal::expired;
                return plan;
            }
        }
        if (auto* clock = find(FaultKind::clock_back, now)) strike(*clock, target, instant);
    }
    if (restored(now) != nullptr) strike(*find(FaultKind::restored, now), target, instant);
    if (auto* slow = find(FaultKind::slow, now); slow && strike(*slow, target, instant)) {
        plan.delay = slow->state.fault.pause;
    }
    if (auto* cut = find(FaultKind::cut, now); cut && strike(*cut, target, instant)) {
        plan.cut = sandbox::mix(cut->state.fault.seed + cut->state.considered);
    }
    return plan;
}

bool SandboxPartner::bends_bulk(Time now) {
    const std::lock_guard lock(mutex_);
    return find(FaultKind::late_commit, now) != nullptr || find(FaultKind::clock_back, now) != nullptr ||
           !late_.empty();
}

void SandboxPartner::remember(FaultState& state, FaultCase happened) {
    ++state.struck;
    state.cases.push_back(std::move(happened));
    if (state.cases.size() > most_cases) state.cases.pop_front();
}

void SandboxPartner::bend_clock(Bending& bending, Time now) {
    if (const auto* clock = find(FaultKind::clock_back, now)) {
        bending.clock_goes_back_at = clock->begin_instant + clock->state.fault.pause;
    }
}

Bending SandboxPartner::bending(const BulkAsked& request, Time now) {
    Bending bending;
    bend_clock(bending, now);
    auto* late = find(FaultKind::late_commit, now);
    if ((late == nullptr && late_.empty()) || (!request.from && !request.cursor)) return bending;
    bending.withholds = [this, late, now](const BulkEntry& entry, Instant changed, std::string_view json) {
        return withhold(late, entry, changed, json, now);
    };
    return bending;
}

// Chosen by cvId and version, so that the order of the requests does not matter. What is withheld once is shown when
// its time has come: by a window that is asked for again, or first in what a cursor brings.
bool SandboxPartner::withhold(Active* active, const BulkEntry& entry, Instant changed, std::string_view json,
                              Time now) {
    const auto known = late_.find({entry.cv, entry.version});
    if (known != late_.end()) {
        known->second.is_shown = known->second.is_shown || now >= known->second.due;
        return !known->second.is_shown;
    }
    if (active == nullptr || changed < active->begin_instant) return false;
    ++active->state.considered;
    const std::uint64_t number = number_of(entry);
    if (!sandbox::strikes(active->state.fault, number)) return false;
    remember(active->state, {number, changed, entry.cv.to_string()});
    late_[{entry.cv, entry.version}] = {std::string(json), now + active->state.fault.pause, false};
    return true;
}

std::vector<std::string> SandboxPartner::take_late(Time now, const std::optional<std::string>& cursor) {
    std::vector<std::string> due;
    for (auto& [name, late] : late_) {
        if (late.is_shown || now < late.due) continue;
        late.is_shown = true;
        due.push_back(moved_entry(late.json, cursor));
    }
    return due;
}

std::string SandboxPartner::give_page(const BulkAsked& request, std::string body, bool is_whole, Time now) {
    const std::lock_guard lock(mutex_);
    Bending bent = bending(request, now);
    if (request.cursor) bent.added = take_late(now, std::nullopt);
    if (!bent.is_empty()) body = bend_page(body, bent);
    if (is_whole) record_.told(request, read_bulk(body));
    return body;
}

std::string SandboxPartner::give_line(const BulkAsked& request, std::string_view line, Time now) {
    const std::lock_guard lock(mutex_);
    std::string own = bend_line(line, bending(request, now));
    if (own.empty()) return own;
    record_.told_in_stream(request, read_bulk(own));
    return own + '\n';
}

std::string SandboxPartner::late_lines(const BulkAsked& request, Time now) {
    const std::lock_guard lock(mutex_);
    if (!request.cursor) return {};
    Bending bent;
    bend_clock(bent, now);
    std::string lines;
    for (const auto& late : take_late(now, request.cursor)) {
        lines += bend_line(late, bent) + '\n';
        record_.told_in_stream(request, read_bulk(late));
    }
    return lines;
}

std::string SandboxPartner::give_end(const BulkAsked& request, std::string_view line, Time now) {
    const std::lock_guard lock(mutex_);
    Bending bent;
    bend_clock(bent, now);
    std::string own = bend_line(line, bent);
    record_.told_in_stream(request, read_bulk(own));
    return own + '\n';
}

void SandboxPartner::note_document(const Uuid& cv, store::Version version) {
    const std::lock_guard lock(mutex_);
    record_.delivered(cv, version);
}

void SandboxPartner::note_wait(Time now, seconds wait) {
    const std::lock_guard lock(mutex_);
    record_.told_to_wait(now, wait);
}

void SandboxPartner::note_gone() {
    const std::lock_guard lock(mutex_);
    record_.told_that_history_is_gone();
}

Findings SandboxPartner::findings() {
    const std::lock_guard lock(mutex_);
    return record_.findings();
}

ClientRecord::Seen SandboxPartner::seen(const Uuid& cv) {
    const std::lock_guard lock(mutex_);
    return record_.seen(cv);
}

std::shared_ptr<SandboxPartner> SandboxPartners::find(std::string_view key) {
    const Sha256 digest = sha256(key);
    const std::lock_guard lock(mutex_);
    const auto found = partners_.find(to_hex(digest));
    return found == partners_.end() ? nullptr : found->second;
}

std::shared_ptr<SandboxPartner> SandboxPartners::keep(std::string_view key, std::shared_ptr<SandboxPartner> fresh) {
    const Sha256 digest = sha256(key);
    const std::lock_guard lock(mutex_);
    return partners_.try_emplace(to_hex(digest), std::move(fresh)).first->second;
}

}  // namespace cvstroom::api
