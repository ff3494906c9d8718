#include "api/candidate_detail.hpp"

#include <fmt/format.h>

#include "candidate/canonical.hpp"
#include "http/conditional.hpp"

namespace cvstroom::api {
namespace {

constexpr std::string_view revalidate = "private, no-cache";

// In the ETag: a masked document is another representation than the whole one.
constexpr std::string_view anonymous_mark = "-anoniem";

http::Response not_modified(const VisibleCandidate& found, const std::string& version) {
    http::Response response;
    response.status = 304;
    response.set("ETag", '"' + version + '"');
    if (found.document) response.set("Last-Modified", found.document->last_modified);
    response.set("Cache-Control", std::string(revalidate));
    response.set("Vary", "Accept-Encoding");
    return response;
}

http::Response full_document(const Call& call, const VisibleCandidate& found, const std::string& version) {
    http::Response response;
    response.set("Content-Type", "application/json");
    response.set("ETag", '"' + version + '"');
    response.set("Last-Modified", found.document->last_modified);
    response.set("Cache-Control", std::string(revalidate));
    response.set("Vary", "Accept-Encoding");
    const auto& document = found.document;
    if (call.coding == http::Coding::zstd) {
        // The stored frame is the body: nothing is compressed, or copied out of the cache.
        response.body = std::shared_ptr<const std::string>(document, &document->frame);
        response.set("Content-Encoding", "zstd");
        response.set("ETag", '"' + version + "-zstd\"");
        return response;
    }
    response.body = std::shared_ptr<const std::string>(document, &document->json);
    http::encode_body(response, call.coding);
    return response;
}

http::Response tombstone(const Call& call, const store::Change& change, const std::string& version) {
    auto response = json_response(call, candidate::to_tombstone(change.cv, change.status, change.changed_on));
    response.set("ETag", '"' + version + '"');
    response.set("Last-Modified", format_http_date(change.instant));
    response.set("Cache-Control", std::string(revalidate));
    return response;
}

http::Issue not_a_uuid(std::string_view id) {
    return {"invalidInput",
            "path",
            "id",
            std::string(id),
            {"geen UUID zoals 30dbfef1-59df-4521-a111-964bf0208e68",
             "pas un UUID comme 30dbfef1-59df-4521-a111-964bf0208e68",
             "not a UUID such as 30dbfef1-59df-4521-a111-964bf0208e68"}};
}

}  // namespace

Result<std::optional<VisibleCandidate>> find_visible(const Services& services, const index::Snapshot& snapshot,
                                                     const Uuid& id, partner::Plan plan) {
    // Somebody who has learnt of a change, by writing it or from the feed, must not be shown what was before it: while
    // the index is behind that, it is not asked.
    const bool is_up_to_date = snapshot.watermark >= services.store.newest_seen();
    if (const auto place = is_up_to_date ? snapshot.find(id) : std::nullopt) {
        const auto row = snapshot.parts[place->part].segment->row(place->row);
        const auto document = services.documents.get(row.seq, row.instant, plan);
        if (!document) return tl::unexpected(document.error());
        if (*document) {
            const store::Change change{row.seq, row.instant, id, candidate::Status::open, row.version, {}, 0};
            return VisibleCandidate{change, *document};
        }
    }
    // Not published as far as the index knows, or changed since: the store has the last word.
    const auto change = services.store.current(id);
    if (!change) return tl::unexpected(change.error());
    if (!*change) return std::nullopt;
    VisibleCandidate found{**change, nullptr};
    if (found.change.status == candidate::Status::open) {
        const auto document = services.documents.get(found.change.seq, found.change.instant, plan);
        if (!document) return tl::unexpected(document.error());
        found.document = *document;
        if (!found.document) return find_visible(services, snapshot, id, plan);  // superseded between the two reads
    }
    return found;
}

http::Response get_candidate(const Call& call, const Services& services, std::string_view id) {
    const auto uuid = Uuid::parse(id);
    if (!uuid) return call.answer(http::bad_request({not_a_uuid(id)}));
    if (!call.request.query.empty()) {
        return call.answer(
            http::bad_request({{"unknownInput",
                                "query",
                                std::string(call.request.query),
                                "",
                                {"deze aanvraag heeft geen parameters", "cette requête n'a pas de paramètres",
                                 "this request takes no parameters"}}}));
    }
    const auto found = find_visible(services, *services.index.snapshot(), *uuid, call.record.plan);
    if (!found) return failure(call, found.error());
    if (!*found) {
        return call.answer(
            http::not_found(local_text("{} is geen bestaande kandidaat", "{} n'est pas un candidat existant",
                                       "{} is no existing candidate", uuid->to_string())));
    }
    std::string version = std::to_string((*found)->change.version);
    if (call.record.plan == partner::Plan::anonymous) version += anonymous_mark;
    if (http::names_etag(call.request.field("If-None-Match"), version)) return not_modified(**found, version);
    if ((*found)->document) {
        call.record.disclose(*uuid, (*found)->change.version);
        return full_document(call, **found, version);
    }
    return tombstone(call, (*found)->change, version);
}

}  // namespace cvstroom::api
