#include "mirror/mirror.hpp"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

#include "base/time.hpp"
#include "mirror/mirror_loop.hpp"

namespace cvstroom::mirror {
namespace {

// A listing whose entries do not add up is begun again, so often.
constexpr unsigned most_listings_in_vain = 3;

}  // namespace

std::string present_moment() {
    return format_instant(SystemClock().now());
}

Result<State> open_state(Sink& sink, const std::string& source, const std::string& profile) {
    auto state = sink.state();
    if (!state) return state;
    if (!state->source.empty() && (state->source != source || state->profile != profile)) {
        return fail(ErrorCode::conflict,
                    fmt::format("this copy is of {} (profile {}); mirror another API into another target",
                                state->source, state->profile));
    }
    state->source = source;
    state->profile = profile;
    return state;
}

Result<void> Mirror::run() {
    if (auto done = open(); !done) return done;
    LoopSteps steps;
    steps.step = [this] {
        auto is_idle = step();
        // What the step thought of and did not commit is not so; what its writer committed is.
        if (auto state = is_idle ? Result<State>(state_) : open_state(sink_, api_.base(), "cvstroom"))
            state_ = std::move(*state);
        if (is_idle && *is_idle && options_.follows) {
            if (auto asked = ask_unresolved_now_and_then(); !asked) return Result<bool>(tl::unexpected(asked.error()));
        }
        if (is_idle && options_.confirms) receipts_.confirm(state_, *is_idle);
        return is_idle;
    };
    steps.on_gone = [this] { state_.phase = Phase::fresh; };
    steps.wait = [this] {
        if (!can_wait_) api_.caller().http().sleep(options_.interval);
    };
    return run_loop(api_.caller(), observer_, options_.follows, steps);
}

Result<void> Mirror::open() {
    auto state = open_state(sink_, api_.base(), "cvstroom");
    if (!state) return tl::unexpected(state.error());
    state_ = std::move(*state);
    if (state_.phase == Phase::listing) {
        observer_.on_phase(state_, state_.list_total);
        if (state_.generation == 1) return sink_.begin_bulk_load();
    }
    if (state_.phase != Phase::following) return {};
    observer_.on_phase(state_, 0);
    if (auto done = sink_.end_bulk_load(); !done) return done;
    return ask_unresolved();
}

Result<bool> Mirror::step() {
    switch (state_.phase) {
        case Phase::fresh:
            if (auto done = begin_listing(); !done) return tl::unexpected(done.error());
            return false;
        case Phase::listing:
        case Phase::following:
            break;
    }
    if (can_stream_) {
        const auto streamed = stream();
        if (!streamed) return tl::unexpected(streamed.error());
        if (*streamed) return **streamed;
        can_stream_ = false;
        observer_.on_note("the API has no streams; going by pages and batches");
    }
    return state_.phase == Phase::listing ? list() : follow();
}

Result<void> Mirror::begin_listing() {
    State next = state_;
    next.phase = Phase::listing;
    ++next.generation;
    next.cursor.clear();
    next.listed = 0;
    next.list_total = 0;
    if (next.generation == 1) {
        if (auto done = sink_.begin_bulk_load(); !done) return done;
    }
    state_ = next;
    return {};
}

Result<FeedPage> Mirror::next_page(bool waits) {
    std::string query;
    if (!state_.cursor.empty()) query = "vervolg=" + url_encoded(state_.cursor);
    if (waits && can_wait_) {
        auto page = api_.page(query + fmt::format("&wacht={}", receipts_.patience(options_.wait).count()));
        if (page || page.error().code != ErrorCode::invalid_input) return page;
        can_wait_ = false;
        observer_.on_note(
            fmt::format("the API cannot wait for changes; looking every {} s", options_.interval.count()));
    }
    return api_.page(query);
}

Result<void> Mirror::check_progress(const FeedPage& page) {
    if (page.cursor.empty()) return fail(ErrorCode::corrupt, "the API gives no 'vervolg'; use --profile seed with it");
    if (page.cursor == state_.cursor && (!page.cvs.empty() || !page.is_last)) {
        return fail(ErrorCode::corrupt, "the API's 'vervolg' leads back to the same page");
    }
    return {};
}

// Versions of another history say nothing about this one's.
void Mirror::note_history(const std::string& epoch) {
    if (!state_.epoch.empty() && epoch != state_.epoch) {
        observer_.on_note(
            "the API's history is another one than before (a restored backup); nothing held is trusted unseen");
        state_.trusted_generation = state_.generation;
    }
    state_.epoch = epoch;
}

Result<bool> Mirror::list() {
    const auto page = next_page(false);
    if (!page) return tl::unexpected(page.error());
    if (auto done = check_progress(*page); !done) return tl::unexpected(done.error());
    note_history(page->epoch);
    if (state_.listed == 0) {
        state_.list_total = page->total;
        observer_.on_phase(state_, page->total);
    }
    BatchBuilder builder;
    if (auto done = gather(*page, builder); !done) return tl::unexpected(done.error());
    State next = state_;
    next.cursor = page->cursor;
    next.covered_until = page->covered_until;
    next.listed += page->cvs.size();
    if (page->is_last && next.listed != page->total) {
        if (++listings_in_vain_ >= most_listings_in_vain) {
            return fail(ErrorCode::corrupt,
                        fmt::format("the API's list has {} entries and says that it has {}", next.listed, page->total));
        }
        observer_.on_note("the list did not add up; listing anew");
        state_.phase = Phase::fresh;
        return false;
    }
    if (page->is_last) {
        next.phase = Phase::following;
        next.succeeded_at = present_moment();
    }
    Batch batch = builder.take(next);
    batch.is_end_of_listing = page->is_last;
    if (auto done = commit(std::move(batch)); !done) return tl::unexpected(done.error());
    if (!page->is_last) return false;
    note_end_of_window();
    if (auto done = finish_listing(); !done) return tl::unexpected(done.error());
    return false;
}

// A window ends where the API was when it was asked for. The first one that a run comes to the end of may have been
// asked for by a run before it, which was stopped inside: a pass is over at the end of the next one. (Who follows goes
// on anyway.)
bool Mirror::note_end_of_window() {
    return std::exchange(has_ended_a_window_, true);
}

Result<void> Mirror::finish_listing() {
    observer_.on_phase(state_, 0);
    return sink_.end_bulk_load();
}

Result<bool> Mirror::follow() {
    const auto page = next_page(options_.follows);
    if (!page) return tl::unexpected(page.error());
    if (auto done = check_progress(*page); !done) return tl::unexpected(done.error());
    BatchBuilder builder;
    if (auto done = gather(*page, builder); !done) return tl::unexpected(done.error());
    State next = state_;
    next.cursor = page->cursor;
    next.covered_until = page->covered_until;
    if (page->is_last) next.succeeded_at = present_moment();
    if (auto done = commit(builder.take(next)); !done) return tl::unexpected(done.error());
    if (!page->is_last) return false;
    return note_end_of_window() || options_.follows;
}

Result<void> Mirror::gather(const FeedPage& page, BatchBuilder& batch) {
    std::vector<Uuid> ids;
    for (const auto& listed : page.cvs) ids.push_back(listed.cv);
    const auto held = sink_.held(ids);
    if (!held) return tl::unexpected(held.error());
    std::unordered_map<Uuid, Version, UuidHash> versions;
    for (const auto& each : *held) {
        if (each.generation >= state_.trusted_generation) versions.emplace(each.cv, each.version);
    }
    std::vector<CvApi::Wanted> wanted;
    for (const auto& listed : page.cvs) {
        const auto found = versions.find(listed.cv);
        const Version version = found == versions.end() ? 0 : found->second;
        if (listed.publication == Publication::removed) {
            batch.remove(listed.cv, listed.version);
        } else if (version != 0 && version >= listed.version) {
            batch.mark(listed.cv);
        } else {
            wanted.push_back({listed.cv, listed.version, version});
        }
    }
    return fetch(wanted, &page, batch);
}

Result<void> Mirror::fetch(std::span<const CvApi::Wanted> wanted, const FeedPage* page, BatchBuilder& batch) {
    std::unordered_map<Uuid, const std::string*, UuidHash> instants;
    if (page != nullptr) {
        for (const auto& listed : page->cvs) instants[listed.cv] = &listed.changed_at;
    }
    CvApi::Takers takers;
    takers.take = [&](const CvApi::Wanted& asked, CvAnswer answer) {
        batch.resolve(asked.cv);
        const Version version = answer.version == 0 ? asked.listed : answer.version;
        switch (answer.kind) {
            case CvAnswer::Kind::document: {
                const auto instant = instants.find(asked.cv);
                batch.put({asked.cv, version, instant == instants.end() ? "" : *instant->second, std::move(answer.json),
                           std::move(answer.flat), std::nullopt});
                break;
            }
            case CvAnswer::Kind::unchanged:
                batch.mark(asked.cv);
                break;
            case CvAnswer::Kind::removed:
                batch.remove(asked.cv, version);
                break;
            case CvAnswer::Kind::unknown:
                batch.remove(asked.cv, every_version);
                break;
        }
    };
    takers.give_up = [&](const CvApi::Wanted& asked, const std::string& why) {
        observer_.on_note(
            fmt::format("CV {} could not be fetched ({}); it is asked again later", asked.cv.to_string(), why));
        batch.cannot_learn(asked.cv, why);
    };
    return wanted.empty() ? Result<void>{} : api_.documents(wanted, takers);
}

Result<void> Mirror::ask_unresolved() {
    const auto list = sink_.unresolved();
    if (!list) return tl::unexpected(list.error());
    if (list->empty()) return {};
    std::vector<CvApi::Wanted> wanted;
    for (const auto& each : *list) wanted.push_back({each.cv, 0, 0});
    BatchBuilder batch;
    if (auto done = fetch(wanted, nullptr, batch); !done) return done;
    return commit(batch.take(state_));
}

// Who follows has no next pass that would ask.
Result<void> Mirror::ask_unresolved_now_and_then() {
    const auto now = std::chrono::steady_clock::now();
    if (now - unresolved_asked_ < options_.interval) return {};
    unresolved_asked_ = now;
    return ask_unresolved();
}

Result<void> Mirror::commit(Batch batch) {
    const auto applied = sink_.apply(batch);
    if (!applied) return tl::unexpected(applied.error());
    state_ = std::move(batch.state);
    observer_.on_commit(state_, *applied);
    return {};
}

}  // namespace cvstroom::mirror
