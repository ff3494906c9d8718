// Documents that were asked for lately, ready to send.
#pragma once

#include <memory>
#include <string>

#include "base/lru_cache.hpp"
#include "base/result.hpp"
#include "partner/product.hpp"
#include "store/store.hpp"

namespace cvstroom::api {

// One version's document in the forms in which it is sent.
struct CachedDocument {
    std::string frame;          // as stored: the body for a client that accepts zstd
    std::string json;           // the canonical form
    std::string last_modified;  // RFC 9110 §8.8.2
};

// Keyed by seq: what stands under a seq never changes, so nothing here is ever stale. A version that is superseded or
// erased must be forgotten (see forget()), for the person's sake. Thread-safe.
class DocumentCache {
  public:
    // `bytes` bounds what is kept, half as much again for masked documents; `store` must outlive the cache.
    DocumentCache(store::Store& store, std::size_t bytes) : store_(store), documents_(bytes), masked_(bytes / 2) {}

    using Pointer = std::shared_ptr<const CachedDocument>;
    // Null when the version has no document any more. `instant` is the version's. For an anonymous plan the masked
    // document (candidate/masking.hpp), which is kept apart.
    Result<Pointer> get(store::Seq seq, Instant instant, partner::Plan plan);
    void forget(store::Seq seq) {
        documents_.erase(seq);
        masked_.erase(seq);
    }

  private:
    store::Store& store_;
    LruCache<store::Seq, CachedDocument> documents_;
    LruCache<store::Seq, CachedDocument> masked_;
};

}  // namespace cvstroom::api
