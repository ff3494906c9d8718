#include "api/bulk.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "api/bulk_entry.hpp"
#include "api/bulk_stream.hpp"
#include "api/feed_refusal.hpp"
#include "api/paging.hpp"
#include "api/parameters.hpp"
#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "http/conditional.hpp"

namespace cvstroom::api {
namespace {

// A closed window never changes; history is kept 90 days (SPEC 5).
constexpr std::string_view keep_long = "private, max-age=7776000, immutable";
constexpr std::string_view revalidate = "private, no-cache";
constexpr std::string_view ndjson = "application/x-ndjson";
constexpr std::string_view varies_by = "Accept, Accept-Encoding";

// Equal positions in equal histories have equal pages: their name is the validator, and no page is read for a 304.
std::string page_version(const Uuid& epoch, const feed::Position& position, std::uint32_t count) {
    const auto name =
        fmt::format("{} {} {} {} {} {} {} {}", epoch.to_string(), position.range.from, position.range.until,
                    position.from ? format_instant(*position.from) : "-", format_instant(position.until),
                    position.by_offset, position.by_offset ? position.offset : position.after, count) +
        (position.selection ? to_hex(position.selection->digest) : std::string());
    const Sha256 digest = sha256(name);
    return to_hex(std::span(digest).first(16));
}

std::string page_key(const std::string& version, http::Coding coding) {
    return version + '-' + std::string(http::name(coding));
}

}  // namespace

Result<std::string> BulkResource::render(const feed::Position& position, const feed::Page& page) const {
    const auto oldest = services_.store.oldest_available(position.until);
    if (!oldest) return tl::unexpected(oldest.error());
    std::string body;
    body.reserve(512 + page.changes.size() * 128);
    JsonWriter json(body);
    json.begin_object().member("aantal", static_cast<std::int64_t>(page.total)).key("resultaten").begin_array();
    for (std::size_t i = 0; i < page.changes.size(); ++i) {
        json.begin_object();
        write_change_members(json, page.changes[i], !page.has_left.empty() && page.has_left[i]);
        json.end_object();
    }
    json.end_array();
    if (position.from) json.member("van", format_instant(*position.from));
    const auto until = format_instant(position.until);
    json.member("tot", until).member("gedektTot", until).member("gesloten", true);
    if (*oldest) json.member("oudsteBeschikbaar", format_instant(**oldest));
    json.member("epoche", services_.store.epoch().to_string());
    json.member("laatste", page.is_last).member("vervolg", services_.feed.encode(page.next)).end_object();
    return body;
}

Result<LruCache<std::string, BulkResource::RenderedPage>::Pointer> BulkResource::page(const Call& call,
                                                                                      const feed::Position& position,
                                                                                      std::uint32_t count,
                                                                                      const std::string& version) {
    const std::string key = page_key(version, call.coding);
    if (auto known = pages_.find(key)) return known;
    const auto read = services_.feed.read(position, count);
    if (!read) return tl::unexpected(read.error());
    auto body = render(position, *read);
    if (!body) return tl::unexpected(body.error());
    http::Response encoded;
    encoded.body = std::move(*body);
    encoded.set("ETag", '"' + version + '"');
    http::encode_body(encoded, call.coding);
    auto rendered = std::make_shared<RenderedPage>();
    rendered->body = std::string(http::view(encoded.body));
    rendered->coding = std::string(encoded.field("Content-Encoding"));
    rendered->etag = std::string(encoded.field("ETag"));
    if (!read->is_last) rendered->next = services_.feed.encode(read->next);
    rendered->total = read->total;
    pages_.insert(key, rendered, rendered->body.size() + 256);
    return LruCache<std::string, RenderedPage>::Pointer{std::move(rendered)};
}

http::Response BulkResource::get(const Call& call) {
    const auto parameters = read_parameters(call);
    if (!parameters) return parameters.error();
    BulkRequest request(*parameters, http::names_media_type(call.request.field("Accept"), ndjson),
                        services_.lists.get());
    auto issues = request.issues();
    if (!issues.empty()) return bad_parameters(call, issues);
    const auto position = resolve(request);
    if (!position) return refuse_position(call, position.error());
    if (request.is_stream() && request.wants_documents()) {
        call.record.stream = std::make_shared<audit::Entry>();
        call.record.members = audit::whole_document;
    }
    // Whether a selection has changed is looked up where it may take its time.
    if (request.patience() && (position->is_up_to_date() || (position->by_offset && position->selection))) {
        return wait(std::move(request), *position, call.record);
    }
    if (request.selection() && !request.is_stream()) return answer_on_pool(std::move(request), *position);
    return answer(call, request, *position);
}

Result<feed::Position> BulkResource::resolve(const BulkRequest& request) {
    if (request.cursor()) return services_.feed.resolve(std::string_view(*request.cursor()), request.selection());
    return services_.feed.resolve(
        feed::WindowRequest{request.from(), request.until(), request.paging().offset, request.selection()});
}

// A client that waits: the same request again, once there is something to say. What was checked is not checked again.
struct BulkResource::Waiter {
    BulkRequest request;
    http::Request asked;
    http::Reply reply;
    CallRecord known;      // what the gate found
    Instant silent_until;  // of a selection: nothing in it has changed from the cursor up to here
};

// Pre: the position is a new window that a cursor opened.
http::Response BulkResource::wait(BulkRequest request, const feed::Position& position, const CallRecord& known) {
    http::Response response;
    response.later = [this, request = std::make_shared<BulkRequest>(std::move(request)), after = position.range.from,
                      begin = *position.from, known](const http::Request& asked, http::Reply reply) {
        const auto patience = *request->patience();
        const auto waiter =
            std::make_shared<Waiter>(Waiter{std::move(*request), asked, std::move(reply), known, begin});
        polls_.wait(after, patience, asked.waiting, [this, waiter](const LongPolls::PollPointer& poll) {
            work_.post([this, waiter, poll] { answer_or_wait_on(*waiter, poll); });
        });
    };
    return response;
}

void BulkResource::answer_or_wait_on(Waiter& waiter, const LongPolls::PollPointer& poll) {
    CallRecord record = waiter.known;  // the door has its own, which fills in the stream's
    const Call call(waiter.asked, record);
    const auto position = resolve(waiter.request);
    if (!position) return waiter.reply(refuse_position(call, position.error()));
    if (waiter.request.selection() && polls_.may_wait_on(poll)) {
        const auto is_silent = is_selection_silent(*position, waiter.silent_until);
        if (!is_silent) return waiter.reply(refuse_position(call, is_silent.error()));
        if (*is_silent) {
            waiter.silent_until = position->until;
            if (polls_.wait_on(poll, position->range.until)) return;
        }
    }
    if (!waiter.request.selection() || waiter.request.is_stream()) {
        return waiter.reply(answer(call, waiter.request, *position));
    }
    walk_on(std::make_shared<PageWalk>(std::make_shared<const BulkRequest>(std::move(waiter.request)), waiter.asked,
                                       std::move(waiter.reply), *position));
}

// Has nothing in the position's selection changed since `since`? Before that it is known to be so: then who holds the
// selection at `since` holds what he held at the cursor, and the rest of the window need not be walked from its begin.
Result<bool> BulkResource::is_selection_silent(const feed::Position& position, Instant since) {
    const auto rest = services_.feed.resolve(feed::WindowRequest{since, position.until, 0, position.selection});
    if (!rest) return tl::unexpected(rest.error());
    constexpr std::size_t entries_at_a_time = 64;
    for (store::Seq reached = rest->range.from; reached < rest->range.until;) {
        const auto piece = services_.feed.read_on(*rest, reached, entries_at_a_time);
        if (!piece) return tl::unexpected(piece.error());
        if (!piece->changes.empty()) return false;
        reached = piece->reached;
    }
    return true;
}

// A page of a selection on its way: its window is judged a step at a time, so that the pool's other work, the pieces of
// streams and the answers to who waits, has its turns between.
struct BulkResource::PageWalk {
    PageWalk(std::shared_ptr<const BulkRequest> wanted, http::Request from, http::Reply to, const feed::Position& place)
        : request(std::move(wanted)), asked(std::move(from)), reply(std::move(to)), walk(place) {}

    std::shared_ptr<const BulkRequest> request;
    http::Request asked;
    http::Reply reply;
    feed::Feed::Walk walk;
};

void BulkResource::walk_on(const std::shared_ptr<PageWalk>& walk) {
    CallRecord record;  // the door has its own
    const Call call(walk->asked, record);
    if (!is_at_hand(call, *walk->request, walk->walk.position)) {
        const auto is_done = services_.feed.walk_on(walk->walk);
        if (!is_done) return walk->reply(refuse_position(call, is_done.error()));
        if (!*is_done) return work_.post([this, walk] { walk_on(walk); });
    }
    walk->reply(answer(call, *walk->request, walk->walk.position));
}

// The client has the page, or it was made a while ago.
bool BulkResource::is_at_hand(const Call& call, const BulkRequest& request, const feed::Position& position) {
    const auto version = page_version(services_.store.epoch(), position, request.paging().count);
    return http::names_etag(call.request.field("If-None-Match"), version) ||
           pages_.find(page_key(version, call.coding)) != nullptr;
}

// A page of a selection takes a walk over the window, which would hold an event loop up.
http::Response BulkResource::answer_on_pool(BulkRequest request, const feed::Position& position) {
    http::Response response;
    response.later = [this, request = std::make_shared<const BulkRequest>(std::move(request)), position](
                         const http::Request& asked, http::Reply reply) {
        const auto walk = std::make_shared<PageWalk>(request, asked, std::move(reply), position);
        work_.post([this, walk] { walk_on(walk); });
    };
    return response;
}

http::Response BulkResource::answer(const Call& call, const BulkRequest& request, const feed::Position& position) {
    return request.is_stream() ? stream(call, request, position) : answer_page(call, request, position);
}

http::Response BulkResource::stream(const Call& call, const BulkRequest& request, const feed::Position& position) {
    auto slot = streams_.take();
    if (!slot) {
        auto refusal = call.answer(http::unavailable());
        refusal.set("Retry-After", "10");
        return refusal;
    }
    http::Response response;
    response.set("Content-Type", std::string(ndjson));
    response.set("Cache-Control", "private, no-store");
    response.set("Vary", std::string(varies_by));
    if (call.coding != http::Coding::identity) response.set("Content-Encoding", std::string(http::name(call.coding)));
    const auto is_admitted = [this, key = call.record.key_prefix, plan = call.record.plan] {
        return registry_.still_admits(key, partner::product_cv, plan);
    };
    BulkStream::Form form{call.coding, request.wants_documents(), call.record.plan, call.record.stream, is_admitted};
    response.source = std::make_shared<BulkStream>(services_, work_, position, std::move(form), std::move(slot));
    return response;
}

http::Response BulkResource::answer_page(const Call& call, const BulkRequest& request, const feed::Position& position) {
    const auto& paging = request.paging();
    // Only a request that pins its window down may be kept without asking again.
    // A selection forgets erased CVs, so its pages are not for ever.
    const bool is_pinned =
        !request.selection() &&
        (request.cursor() ? !position.by_offset : request.until() && position.until == *request.until());
    const std::string version = page_version(services_.store.epoch(), position, paging.count);
    http::Response response;
    response.set("Cache-Control", std::string(is_pinned ? keep_long : revalidate));
    response.set("Vary", std::string(varies_by));
    if (http::names_etag(call.request.field("If-None-Match"), version)) {
        response.status = 304;
        response.set("ETag", '"' + version + '"');
        return response;
    }
    const auto rendered = page(call, position, paging.count, version);
    if (!rendered) return failure(call, rendered.error());
    response.set("Content-Type", "application/json");
    response.set("ETag", (*rendered)->etag);
    if (!(*rendered)->coding.empty()) response.set("Content-Encoding", (*rendered)->coding);
    if (!(*rendered)->next.empty()) {
        auto parameters = request.criteria();
        parameters.push_back({"vervolg", (*rendered)->next});
        parameters.push_back({"aantal", std::to_string(paging.count)});
        response.set("Link", link(target_of(call.request.path, parameters), "next"));
    }
    response.body = std::shared_ptr<const std::string>(*rendered, &(*rendered)->body);
    return response;
}

}  // namespace cvstroom::api
