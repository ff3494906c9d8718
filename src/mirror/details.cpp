// One detail call a CV: what every CV API has (SPEC 3).
#include <fmt/format.h>

#include "mirror/cv_api.hpp"

namespace cvstroom::mirror {
namespace {

// The version is the strong ETag's number where the API says it so (SPEC 3); else 0.
Version version_of(std::string_view etag) {
    Version version = 0;
    std::size_t i = etag.starts_with('"') ? 1 : etag.size();
    for (; i < etag.size() && etag[i] >= '0' && etag[i] <= '9'; ++i)
        version = version * 10 + static_cast<Version>(etag[i] - '0');
    return i < etag.size() && (etag[i] == '"' || etag[i] == '-') ? version : 0;
}

}  // namespace

Result<void> CvApi::details(std::span<const Wanted> wanted, const Takers& takers) {
    DocumentFlattener flattener;
    Caller::Work work;
    work.request = [&](std::size_t i) {
        HttpRequest request;
        request.url = base_ + "/kandidaten/" + wanted[i].cv.to_string();
        request.fields = {"Accept: application/json"};
        return request;
    };
    work.give_up = [&](std::size_t i, const std::string& why) { takers.give_up(wanted[i], why); };
    work.accept = [&](std::size_t i, HttpResponse& response, std::string& why) {
        const auto& asked = wanted[i];
        // It vanished between the list and this call, and nothing of it may stay here.
        if (response.status == 404 || response.status == 410) {
            takers.take(asked, {CvAnswer::Kind::unknown, 0, {}, {}});
            return Caller::Outcome::done;
        }
        if (response.status != 200) {
            why = fmt::format("the API refuses its detail ({})", describe(response));
            return Caller::Outcome::again;
        }
        auto read = flattener.read(response.body);
        if (!read || read->cv != asked.cv) {
            why = read ? "the answer is another CV" : read.error().message;
            return Caller::Outcome::again;
        }
        const auto version = version_of(response.etag);
        if (version != 0 && version < asked.listed) {
            why = "the document is older than the list";
            return Caller::Outcome::again;
        }
        CvAnswer answer{CvAnswer::Kind::removed, version, {}, {}};
        if (read->publication == Publication::open) {
            answer = {CvAnswer::Kind::document, version, std::move(response.body), std::move(read->flat)};
        }
        takers.take(asked, std::move(answer));
        return Caller::Outcome::done;
    };
    return caller_.call_all(wanted.size(), work);
}

}  // namespace cvstroom::mirror
