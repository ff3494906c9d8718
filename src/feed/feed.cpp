#include "feed/feed.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cvstroom::feed {
namespace {

constexpr std::uint64_t outline_stride = 512;

// While nothing is written the horizon stands still, and moving it costs a durable write. So it is moved only when a
// reader wants to see past it and it lags this much.
constexpr auto horizon_lag = std::chrono::milliseconds{500};

std::string outline_key(const store::LogRange& range) {
    return fmt::format("{}-{}-{}", range.from, range.until, range.only_published);
}

}  // namespace

Result<Instant> Feed::horizon(std::optional<Instant> wanted) {
    const auto head = store_.head();
    if (!head) return tl::unexpected(head.error());
    const bool is_covered = wanted && *wanted <= head->horizon;
    if (is_covered || clock_.now() - head->horizon < horizon_lag) return head->horizon;
    const auto moved = store_.advance_horizon();
    if (!moved) return tl::unexpected(moved.error());
    return moved->horizon;
}

Result<Position> Feed::resolve(const WindowRequest& request) {
    if (request.from && request.until && *request.from > *request.until) {
        return fail(ErrorCode::invalid_input, "tot lies before van", "tot");
    }
    const auto covered = horizon(request.until);
    if (!covered) return tl::unexpected(covered.error());
    Position position;
    position.from = request.from;
    position.until = std::min(request.until.value_or(*covered), *covered);
    position.offset = request.offset;
    if (request.from && *request.from > position.until) {
        return fail(ErrorCode::invalid_input,
                    fmt::format("van lies in the future: the feed reaches to {}", format_instant(position.until)),
                    "van");
    }
    const auto oldest = store_.oldest_available();
    if (!oldest) return tl::unexpected(oldest.error());
    if (request.from && *oldest && *request.from < **oldest) {
        return fail(ErrorCode::gone, fmt::format("history reaches back to {}", format_instant(**oldest)), "van");
    }
    const auto until = store_.first_at_or_after(position.until);
    if (!until) return tl::unexpected(until.error());
    position.range = {0, *until - 1, !request.from};
    if (request.from) {
        const auto from = store_.first_at_or_after(*request.from);
        if (!from) return tl::unexpected(from.error());
        position.range.from = *from - 1;
    }
    return position;
}

Result<Position> Feed::resolve(std::string_view text) {
    const auto cursor = decode(text, store_.secret());
    if (!cursor) return tl::unexpected(cursor.error());
    if (cursor->epoch != store_.epoch()) {
        return fail(ErrorCode::gone, "the cursor belongs to another history: a backup was restored", "vervolg");
    }
    if (cursor->position < cursor->range.until) {
        return Position{cursor->range, cursor->from, cursor->until, false, 0, cursor->position};
    }
    return resolve(WindowRequest{cursor->until, std::nullopt, 0});
}

Result<Feed::OutlinePointer> Feed::outline(const store::LogRange& range) {
    const auto key = outline_key(range);
    if (auto known = outlines_.find(key)) return known;
    auto made = store_.outline(range, outline_stride);
    if (!made) return tl::unexpected(made.error());
    auto shared = std::make_shared<const store::RangeOutline>(std::move(*made));
    outlines_.insert(key, shared, 1);
    return shared;
}

Result<std::vector<store::Change>> Feed::read_by_offset(const Position& position, const store::RangeOutline& outline,
                                                        std::uint32_t count) {
    if (position.offset >= outline.count) return std::vector<store::Change>{};
    const auto fence = outline.fence[position.offset / outline.stride];
    const auto skip = position.offset % outline.stride;
    auto changes = store_.read_range(position.range, fence - 1, skip + count);
    if (changes) changes->erase(changes->begin(), changes->begin() + static_cast<std::ptrdiff_t>(skip));
    return changes;
}

Result<Page> Feed::read(const Position& position, std::uint32_t count) {
    const auto known = outline(position.range);
    if (!known) return tl::unexpected(known.error());
    // One entry more than asked for tells whether any follow.
    auto changes = position.by_offset ? read_by_offset(position, **known, count + 1)
                                      : store_.read_range(position.range, position.after, count + 1);
    if (!changes) return tl::unexpected(changes.error());
    return make_page(position, (*known)->count, std::move(*changes), count);
}

Page Feed::make_page(const Position& position, std::uint64_t total, std::vector<store::Change> changes,
                     std::uint32_t count) const {
    Page page;
    page.total = total;
    page.is_last = changes.size() <= count;
    if (!page.is_last) changes.resize(count);
    const store::Seq reached = page.is_last ? position.range.until : changes.back().seq;
    page.changes = std::move(changes);
    page.next = cursor_after(position, reached);
    return page;
}

}  // namespace cvstroom::feed
