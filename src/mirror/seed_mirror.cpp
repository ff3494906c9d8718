#include "mirror/seed_mirror.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "mirror/batch_writer.hpp"
#include "mirror/mirror_loop.hpp"

namespace cvstroom::mirror {
namespace {

constexpr std::size_t chunk = 1000;  // CVs a transaction

DocumentDigest digest_of(std::string_view json) {
    const Sha256 whole = sha256(json);
    DocumentDigest digest{};
    std::copy_n(whole.begin(), digest.size(), digest.begin());
    return digest;
}

Instant instant_of(const std::string& text) {
    return parse_instant(text).value_or(Instant{});
}

}  // namespace

Result<void> SeedMirror::run() {
    if (auto done = open(); !done) return done;
    LoopSteps steps;
    steps.step = [this] { return step(); };
    steps.on_gone = [this] { state_.phase = Phase::fresh; };
    steps.wait = [this] { api_.caller().http().sleep(options_.interval); };
    return run_loop(api_.caller(), observer_, options_.follows, steps);
}

Result<void> SeedMirror::open() {
    auto state = open_state(sink_, api_.base(), "seed");
    if (!state) return tl::unexpected(state.error());
    state_ = std::move(*state);
    if (state_.phase == Phase::listing && state_.generation == 1) return sink_.begin_bulk_load();
    if (state_.phase == Phase::following) {
        observer_.on_phase(state_, 0);
        return sink_.end_bulk_load();
    }
    return {};
}

Result<bool> SeedMirror::step() {
    const auto now = server_time();
    if (!now) return tl::unexpected(now.error());
    if (state_.phase == Phase::following && !has_listed_ && is_reconciliation_due(*now)) {
        observer_.on_note("reconciling: every CV is fetched and compared");
        state_.phase = Phase::fresh;
    }
    if (state_.phase == Phase::fresh) {
        if (auto done = begin_listing(*now); !done) return tl::unexpected(done.error());
    }
    return state_.phase == Phase::listing ? list(*now) : follow(*now);
}

// The API's own time, from the Date field of an answer: this machine's clock may differ by hours (pitfall 31).
Result<Instant> SeedMirror::server_time() {
    HttpRequest request;
    request.url =
        api_.base() + "/kandidaten/bulk?van=1970-01-01T00%3A00%3A00Z&tot=1970-01-01T00%3A00%3A01Z&vanaf=0&aantal=1";
    request.fields = {"Accept: application/json"};
    const auto response = api_.caller().call(std::move(request));
    if (!response) return tl::unexpected(response.error());
    if (const auto date = parse_http_date(response->date)) return Instant{*date};
    observer_.on_note("the API's answers have no Date; going by this machine's clock");
    return SystemClock().now();
}

bool SeedMirror::is_reconciliation_due(Instant now) const {
    return now - instant_of(state_.reconciled_at) >= options_.reconcile_every;
}

Result<void> SeedMirror::begin_listing(Instant now) {
    State next = state_;
    next.phase = Phase::listing;
    ++next.generation;
    // What changes while the list is read is read again from here.
    next.pending_until = format_instant(now);
    next.listed = 0;
    next.list_total = 0;
    if (next.generation == 1) {
        if (auto done = sink_.begin_bulk_load(); !done) return done;
    }
    Batch batch;
    batch.state = next;
    return commit(std::move(batch));
}

// From the beginning of time; an API that keeps no history so long may still give what there is without `van`.
Result<WindowList> SeedMirror::full_list(Instant now) {
    SeedWindowReader reader(api_);
    auto list = reader.read({Instant{}, now});
    if (list || (list.error().code != ErrorCode::gone && list.error().code != ErrorCode::invalid_input)) return list;
    return reader.read({std::nullopt, now});
}

Result<bool> SeedMirror::list(Instant now) {
    const auto list = full_list(now);
    if (!list) return tl::unexpected(list.error());
    if (!list->is_steady) {
        observer_.on_note(
            "the list kept moving while it was read; a CV that stood in none of the readings is found by the next "
            "reconciliation");
    }
    state_.list_total = list->cvs.size();
    state_.listed = 0;
    observer_.on_phase(state_, list->cvs.size());
    if (auto done = fetch(list->cvs, true); !done) return tl::unexpected(done.error());
    const auto missing = not_listed();
    if (!missing) return tl::unexpected(missing.error());
    if (!missing->empty())
        observer_.on_note(fmt::format("{} CVs are held and not listed; asking for each", missing->size()));
    if (auto done = fetch(*missing, true); !done) return tl::unexpected(done.error());
    Batch batch;
    batch.state = state_;
    batch.state.phase = Phase::following;
    batch.state.covered_until = state_.pending_until;
    batch.state.reconciled_at = state_.pending_until;
    if (auto done = commit(std::move(batch)); !done) return tl::unexpected(done.error());
    has_listed_ = true;
    observer_.on_phase(state_, 0);
    if (auto done = sink_.end_bulk_load(); !done) return tl::unexpected(done.error());
    return false;
}

Result<bool> SeedMirror::follow(Instant now) {
    // A clock that was turned back must not make a window that ends before it begins.
    const auto covered = instant_of(state_.covered_until);
    const auto list = SeedWindowReader(api_).read({std::min(covered, now) - options_.look_back, now});
    if (!list) return tl::unexpected(list.error());
    auto listed = list->cvs;
    const auto unresolved = sink_.unresolved();
    if (!unresolved) return tl::unexpected(unresolved.error());
    for (const auto& each : *unresolved) listed.push_back({each.cv, Publication::unknown, 0, {}});
    if (auto done = fetch(listed, false); !done) return tl::unexpected(done.error());
    Batch batch;
    batch.state = state_;
    // Of a window that kept moving the next one begins where this one did.
    if (list->is_steady) batch.state.covered_until = format_instant(std::max(covered, now));
    batch.state.succeeded_at = present_moment();
    if (auto done = commit(std::move(batch)); !done) return tl::unexpected(done.error());
    has_listed_ = false;
    return true;
}

Result<std::vector<ListedCv>> SeedMirror::not_listed() {
    std::vector<ListedCv> missing;
    const auto done = sink_.visit([&](const Held& held) {
        if (held.generation < state_.generation) missing.push_back({held.cv, Publication::unknown, 0, {}});
    });
    if (!done) return tl::unexpected(done.error());
    return missing;
}

Result<void> SeedMirror::fetch(const std::vector<ListedCv>& listed, bool skips_seen) {
    std::vector<Uuid> ids;
    for (const auto& each : listed) ids.push_back(each.cv);
    const auto known = sink_.held(ids);
    if (!known) return tl::unexpected(known.error());
    std::unordered_map<Uuid, const Held*, UuidHash> held;
    for (const auto& each : *known) held.emplace(each.cv, &each);
    BatchWriter writer(sink_, observer_);
    for (std::size_t begin = 0; begin < listed.size(); begin += chunk) {
        BatchBuilder builder;
        std::vector<CvApi::Wanted> wanted;
        const auto end = std::min(listed.size(), begin + chunk);
        for (std::size_t i = begin; i < end; ++i) {
            const auto found = held.find(listed[i].cv);
            if (listed[i].publication == Publication::removed) {
                builder.remove(listed[i].cv, every_version);
                builder.resolve(listed[i].cv);
            } else if (!skips_seen || found == held.end() || found->second->generation != state_.generation) {
                wanted.push_back({listed[i].cv, 0, 0});
            }
        }
        CvApi::Takers takers;
        takers.take = [&](const CvApi::Wanted& asked, CvAnswer answer) {
            builder.resolve(asked.cv);
            if (answer.kind != CvAnswer::Kind::document) return builder.remove(asked.cv, every_version);
            const auto digest = digest_of(answer.json);
            const auto found = held.find(asked.cv);
            const Held* before = found == held.end() ? nullptr : found->second;
            if (before != nullptr && before->digest == digest) return builder.mark(asked.cv);
            builder.put({asked.cv, before == nullptr ? 1 : before->version + 1, "", std::move(answer.json),
                         std::move(answer.flat), digest});
        };
        takers.give_up = [&](const CvApi::Wanted& asked, const std::string& why) {
            builder.cannot_learn(asked.cv, why);
        };
        if (auto done = api_.details(wanted, takers); !done) return done;
        state_.listed += state_.phase == Phase::listing ? end - begin : 0;
        if (auto done = writer.push(builder.take(state_)); !done) return done;
    }
    return writer.drain();
}

Result<void> SeedMirror::commit(Batch batch) {
    const auto applied = sink_.apply(batch);
    if (!applied) return tl::unexpected(applied.error());
    state_ = std::move(batch.state);
    observer_.on_commit(state_, *applied);
    return {};
}

}  // namespace cvstroom::mirror
