// GET /kandidaten/bulk: synchronisation (SPEC 5).
#pragma once

#include <string>

#include "api/bulk_control.hpp"
#include "api/bulk_request.hpp"
#include "api/bulk_stream.hpp"
#include "api/call.hpp"
#include "api/long_polls.hpp"
#include "api/work_pool.hpp"
#include "base/lru_cache.hpp"
#include "partner/registry.hpp"

namespace cvstroom::api {

// Keeps the pages of closed windows that were asked for lately: they never change. Thread-safe.
class BulkResource {
  public:
    // `cache_bytes` bounds the pages that are kept. `services` and `registry` must outlive the resource.
    BulkResource(const Services& services, partner::Registry& registry, std::size_t cache_bytes)
        : services_(services),
          registry_(registry),
          pages_(cache_bytes),
          polls_(services.store, [this](LongPolls::Look look) {
              look == LongPolls::Look::quiet ? services_.feed.forget_judged() : services_.feed.expire_judged();
          }) {}

    http::Response get(const Call& call);
    http::Response control(const Call& call) { return get_control(call, services_, work_); }

  private:
    struct RenderedPage {
        std::string body;
        std::string coding;  // Content-Encoding; empty: identity
        std::string etag;
        std::string next;  // the cursor of the next page of this window; empty on the last one
        std::uint64_t total = 0;
    };
    struct Waiter;

    Result<LruCache<std::string, RenderedPage>::Pointer> page(const Call& call, const feed::Position& position,
                                                              std::uint32_t count, const std::string& version);
    Result<feed::Position> resolve(const BulkRequest& request);
    http::Response wait(BulkRequest request, const feed::Position& position, const CallRecord& known);
    void answer_or_wait_on(Waiter& waiter, const LongPolls::PollPointer& poll);
    Result<bool> is_selection_silent(const feed::Position& position, Instant since);
    struct PageWalk;
    http::Response answer_on_pool(BulkRequest request, const feed::Position& position);
    void walk_on(const std::shared_ptr<PageWalk>& walk);
    bool is_at_hand(const Call& call, const BulkRequest& request, const feed::Position& position);
    http::Response answer(const Call& call, const BulkRequest& request, const feed::Position& position);
    http::Response answer_page(const Call& call, const BulkRequest& request, const feed::Position& position);
    http::Response stream(const Call& call, const BulkRequest& request, const feed::Position& position);
    Result<std::string> render(const feed::Position& position, const feed::Page& page) const;

    const Services& services_;
    partner::Registry& registry_;
    LruCache<std::string, RenderedPage> pages_;
    StreamSlots streams_{64};
    WorkPool work_{2};
    LongPolls polls_;  // wakes work
};

}  // namespace cvstroom::api
