#include "api/document_cache.hpp"

#include "candidate/masking.hpp"
#include "store/document_codec.hpp"

namespace cvstroom::api {

Result<DocumentCache::Pointer> DocumentCache::get(store::Seq seq, Instant instant, partner::Plan plan) {
    const bool is_masked = plan == partner::Plan::anonymous;
    auto& cache = is_masked ? masked_ : documents_;
    if (auto known = cache.find(seq)) return known;
    auto frame = store_.document(seq);
    if (!frame) return tl::unexpected(frame.error());
    if (!*frame) return Pointer{};
    auto json = store::decompress_document(**frame);
    if (!json) return tl::unexpected(json.error());
    if (is_masked) {
        *json = candidate::mask(*json);
        **frame = store::compress_document(*json);
    }
    auto document = std::make_shared<CachedDocument>();
    document->frame = std::move(**frame);
    document->json = std::move(*json);
    document->last_modified = format_http_date(instant);
    const std::size_t weight = document->frame.size() + document->json.size() + 200;
    cache.insert(seq, document, weight);
    return Pointer{std::move(document)};
}

}  // namespace cvstroom::api
