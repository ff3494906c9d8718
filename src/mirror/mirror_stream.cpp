// The mirror by streams: a whole window in one answer, documents and all.
#include <fmt/format.h>

#include "mirror/batch_writer.hpp"
#include "mirror/mirror.hpp"

namespace cvstroom::mirror {
namespace {

// A transaction of the copy: enough that its cost is spread, little enough that a kill costs no more than a moment.
constexpr std::size_t batch_bytes = 16 * 1024 * 1024;
constexpr std::size_t batch_entries = 5000;
constexpr unsigned most_streams_in_vain = 3;

}  // namespace

// What one answer has brought so far.
struct Mirror::StreamState {
    StreamState(Mirror& mirror, std::vector<CvApi::Wanted>& owed)
        : next(mirror.state_), wanted(owed), writer(mirror.sink_, mirror.observer_) {}

    State next;  // as of the last line
    BatchBuilder builder;
    std::vector<CvApi::Wanted>& wanted;  // lines that say less than is needed, also of answers that were cut
    BatchWriter writer;
};

HttpRequest Mirror::stream_request(bool waits) const {
    HttpRequest request;
    std::string query = "velden=*";
    if (!state_.cursor.empty()) query += "&vervolg=" + url_encoded(state_.cursor);
    if (waits) query += fmt::format("&wacht={}", receipts_.patience(options_.wait).count());
    request.url = api_.base() + "/kandidaten/bulk?" + query;
    request.fields = {"Accept: application/x-ndjson"};
    request.streamed_type = "application/x-ndjson";
    if (waits) request.patience += options_.wait;
    return request;
}

Result<std::optional<bool>> Mirror::stream() {
    if (state_.phase == Phase::listing && state_.list_total == 0) {
        // Whose history this is has to be known before the first line is stored; how much it is, for the progress bar.
        const auto page = api_.page("aantal=1");
        if (!page) return tl::unexpected(page.error());
        note_history(page->epoch);
        state_.list_total = page->total;
        observer_.on_phase(state_, page->total);
    }
    Attempts attempts;
    std::vector<CvApi::Wanted> wanted;
    const bool was_following = state_.phase == Phase::following;
    for (;;) {
        const bool waits = options_.follows && state_.phase == Phase::following && can_wait_;
        StreamState stream(*this, wanted);
        StreamReader reader([&](StreamLine line) { return take_line(std::move(line), stream); });
        auto request = stream_request(waits);
        request.on_body = [&](std::string_view bytes) {
            api_.caller().traffic().bytes += bytes.size();
            return reader.push(bytes);
        };
        auto response = api_.caller().once(std::move(request));
        if (response.status == 410) return tl::unexpected(CvApi::refusal(response));
        if (waits && response.status == 400 && can_wait_) {
            can_wait_ = false;
            continue;
        }
        if (!response.was_streamed && verdict_of(response) == Verdict::accept) return std::optional<bool>();
        const auto end = response.was_streamed ? reader.finish() : fail(ErrorCode::unavailable, "");
        if (end) {
            if (auto done = take_end(*end, stream); !done) return tl::unexpected(done.error());
            const bool is_present = note_end_of_window();
            return std::optional<bool>(was_following && (options_.follows ? end->lines == 0 : is_present));
        }
        if (end.error().code == ErrorCode::corrupt) {
            if (auto done = stream.writer.drain(); !done) return tl::unexpected(done.error());
            if (auto done = distrust_what_came(end.error()); !done) return tl::unexpected(done.error());
            return std::optional<bool>(false);
        }
        if (response.was_streamed && end.error().code != ErrorCode::unavailable) return tl::unexpected(end.error());
        // Cut: what came whole is kept, and the next answer begins right after it.
        if (reader.lines() > 0) attempts = {};
        stream.writer.push(stream.builder.take(stream.next));
        if (auto done = stream.writer.drain(); !done) return tl::unexpected(done.error());
        state_ = stream.next;
        if (response.status == 200) {
            response.status = 0;
            response.failure = end.error().message;
        }
        if (auto done = api_.caller().wait_out(response, attempts); !done) return tl::unexpected(done.error());
    }
}

Result<void> Mirror::take_line(StreamLine line, StreamState& stream) {
    auto& listed = line.listed;
    if (line.has_document) {
        stream.builder.put({listed.cv, listed.version, std::move(listed.changed_at), std::move(line.json),
                            std::move(line.flat), std::nullopt});
    } else if (listed.publication == Publication::removed) {
        stream.builder.remove(listed.cv, listed.version);
    } else if (listed.publication == Publication::open) {
        stream.builder.mark(listed.cv);  // superseded meanwhile: a later line, or window, brings the document
    } else {
        // Asked for at the end; should that never come, the copy knows that it owes an answer.
        stream.builder.cannot_learn(listed.cv, "its status is not known here");
        stream.wanted.push_back({listed.cv, listed.version, 0});
    }
    stream.next.cursor = std::move(line.cursor);
    if (state_.phase == Phase::listing) ++stream.next.listed;
    if (stream.builder.bytes() < batch_bytes && stream.builder.size() < batch_entries) return {};
    return stream.writer.push(stream.builder.take(stream.next));
}

Result<void> Mirror::take_end(const StreamEnd& end, StreamState& stream) {
    const bool is_listing = state_.phase == Phase::listing;
    if (end.epoch != state_.epoch) return fail(ErrorCode::gone, "the API's history changed during the stream");
    stream.next.cursor = end.cursor;
    stream.next.covered_until = end.covered_until;
    stream.next.phase = Phase::following;
    stream.next.succeeded_at = present_moment();
    if (!stream.wanted.empty()) {
        if (auto done = stream.writer.drain(); !done) return done;
        if (auto done = fetch(stream.wanted, nullptr, stream.builder); !done) return done;
    }
    Batch batch = stream.builder.take(stream.next);
    batch.is_end_of_listing = is_listing;
    if (auto done = stream.writer.push(std::move(batch)); !done) return done;
    if (auto done = stream.writer.drain(); !done) return done;
    state_ = stream.next;
    return is_listing ? finish_listing() : Result<void>{};
}

// What was stored of a stream that does not add up may be wrong, and nobody can say which of it: everything is listed
// anew, and nothing that is held counts as known.
Result<void> Mirror::distrust_what_came(const Error& error) {
    if (++listings_in_vain_ >= most_streams_in_vain) return tl::unexpected(error);
    observer_.on_note(error.message + "; listing anew");
    const auto written = sink_.state();
    if (!written) return tl::unexpected(written.error());
    state_.generation = written->generation;
    state_.phase = Phase::fresh;
    state_.trusted_generation = state_.generation + 1;
    Batch batch;
    batch.state = state_;
    return commit(std::move(batch));
}

}  // namespace cvstroom::mirror
