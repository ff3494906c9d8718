#include "api/bulk.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "api/paging.hpp"
#include "api/parameters.hpp"
#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "http/conditional.hpp"

namespace cvstroom::api {
namespace {

constexpr PageLimits page_limits{2000, 2000};

// A closed window never changes; history is kept 90 days (SPEC 5).
constexpr std::string_view keep_long = "private, max-age=7776000, immutable";
constexpr std::string_view revalidate = "private, no-cache";

struct BulkRequest {
    std::vector<ParameterIssue> issues;
    PagingParser paging{page_limits};
    std::optional<Instant> from;
    std::optional<Instant> until;
    std::optional<std::string> cursor;

    explicit BulkRequest(const std::vector<Parameter>& parameters) {
        for (const auto& parameter : parameters) take(parameter);
        if (cursor && (from || until || paging.paging().has_offset)) {
            add({"vervolg", ""}, {"staat alleen, hoogstens met aantal", "s'emploie seul, au plus avec aantal",
                                  "stands alone, at most with aantal"});
        }
    }

  private:
    void add(const Parameter& parameter, LocalText detail, ParameterIssue::Kind kind = ParameterIssue::Kind::invalid) {
        issues.push_back({kind, parameter.name, parameter.value, std::move(detail)});
    }

    void take(const Parameter& parameter) {
        if (paging.take(parameter, issues)) return;
        if (parameter.name == "van") {
            take_instant(parameter, from);
        } else if (parameter.name == "tot") {
            take_instant(parameter, until);
        } else if (parameter.name == "vervolg") {
            take_once(parameter, cursor, issues);
        } else {
            add(parameter,
                {"onbekende parameter; hier gelden van, tot, vanaf, aantal en vervolg",
                 "paramètre inconnu; ici valent van, tot, vanaf, aantal et vervolg",
                 "unknown parameter; here van, tot, vanaf, aantal and vervolg count"},
                ParameterIssue::Kind::unknown);
        }
    }

    void take_instant(const Parameter& parameter, std::optional<Instant>& into) {
        const auto instant = parse_instant(parameter.value);
        if (into) {
            add(parameter, {"mag maar één keer voorkomen", "ne peut figurer qu'une seule fois", "may stand only once"});
        } else if (!instant) {
            add(parameter, {"geef een ISO 8601-tijdstip met tijdzone, zoals 2026-02-13T12:00:00Z",
                            "indiquez un instant ISO 8601 avec fuseau horaire, comme 2026-02-13T12:00:00Z",
                            "give an ISO 8601 instant with a time zone, such as 2026-02-13T12:00:00Z"});
        } else {
            into = *instant;
        }
    }
};

// What the feed itself refuses: an impossible window, a cursor that is not ours, history that is gone.
http::Response refused(const Call& call, const Error& error) {
    if (error.code == ErrorCode::invalid_input) return bad_parameter(call, error);
    if (error.code != ErrorCode::gone) return failure(call, error);
    return call.answer(
        {410,
         "cvstroom:historyGone",
         {"Historiek vervallen", "Historique expiré", "Gone"},
         local_text("{}. Begin opnieuw: vraag {}/kandidaten/bulk zonder parameters, vervang uw kopie door "
                    "het geheel en ga verder met 'vervolg'.",
                    "{}. Recommencez: demandez {}/kandidaten/bulk sans paramètres, remplacez votre copie "
                    "par le tout et continuez avec 'vervolg'.",
                    "{}. Start over: ask {}/kandidaten/bulk without parameters, replace your copy by the "
                    "whole and go on with 'vervolg'.",
                    error.message, base_path),
         {},
         {}});
}

// Equal positions in equal histories have equal pages: their name is the validator, and no page is read for a 304.
std::string page_version(const Uuid& epoch, const feed::Position& position, std::uint32_t count) {
    const auto name =
        fmt::format("{} {} {} {} {} {} {} {}", epoch.to_string(), position.range.from, position.range.until,
                    position.from ? format_instant(*position.from) : "-", format_instant(position.until),
                    position.by_offset, position.by_offset ? position.offset : position.after, count);
    const Sha256 digest = sha256(name);
    return to_hex(std::span(digest).first(16));
}

void write_change(JsonWriter& json, const store::Change& change) {
    json.begin_object().member("cvId", change.cv);
    json.member("status", candidate::wire_name(change.status));
    json.member("gewijzigdOp", format_instant(change.instant));
    json.member("versie", std::int64_t{change.version}).end_object();
}

}  // namespace

Result<std::string> BulkResource::render(const feed::Position& position, const feed::Page& page) const {
    const auto oldest = services_.store.oldest_available();
    if (!oldest) return tl::unexpected(oldest.error());
    std::string body;
    body.reserve(512 + page.changes.size() * 128);
    JsonWriter json(body);
    json.begin_object().member("aantal", static_cast<std::int64_t>(page.total)).key("resultaten").begin_array();
    for (const auto& change : page.changes) write_change(json, change);
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
    const std::string key = version + '-' + std::string(http::name(call.coding));
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
    const BulkRequest request(*parameters);
    if (!request.issues.empty()) return bad_parameters(call, request.issues);
    const auto& paging = request.paging.paging();
    const auto position = request.cursor
                              ? services_.feed.resolve(std::string_view(*request.cursor))
                              : services_.feed.resolve(feed::WindowRequest{request.from, request.until, paging.offset});
    if (!position) return refused(call, position.error());

    // Only a request that pins its window down may be kept without asking again.
    const bool is_pinned = request.cursor ? !position->by_offset : request.until && position->until == *request.until;
    const std::string version = page_version(services_.store.epoch(), *position, paging.count);
    http::Response response;
    response.set("Cache-Control", std::string(is_pinned ? keep_long : revalidate));
    response.set("Vary", "Accept-Encoding");
    if (http::names_etag(call.request.field("If-None-Match"), version)) {
        response.status = 304;
        response.set("ETag", '"' + version + '"');
        return response;
    }
    const auto rendered = page(call, *position, paging.count, version);
    if (!rendered) return failure(call, rendered.error());
    response.set("Content-Type", "application/json");
    response.set("ETag", (*rendered)->etag);
    if (!(*rendered)->coding.empty()) response.set("Content-Encoding", (*rendered)->coding);
    if (!(*rendered)->next.empty()) {
        const auto target =
            target_of(call.request.path, {{"vervolg", (*rendered)->next}, {"aantal", std::to_string(paging.count)}});
        response.set("Link", link(target, "next"));
    }
    response.body = std::shared_ptr<const std::string>(*rendered, &(*rendered)->body);
    return response;
}

}  // namespace cvstroom::api
