#include "feed/feed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"

namespace cvstroom::feed {
namespace {

constexpr std::uint64_t outline_stride = 512;

// While nothing is written the horizon stands still, and moving it costs a durable write. So it is moved only when a
// reader wants to see past it and it lags this much.
constexpr auto horizon_lag = std::chrono::milliseconds{500};

// Of a selection's window: some tens of milliseconds when every document has to be read.
constexpr std::size_t entries_a_step = 1000;

std::string outline_key(const store::LogRange& range) {
    return fmt::format("{}-{}-{}", range.from, range.until, range.only_published);
}

std::string selected_key(const Position& position) {
    return outline_key(position.range) + '-' + to_hex(position.selection->digest);
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

// A window needs the log from its beginning; an initial load from its end, because what was superseded after that is
// part of it.
Result<void> Feed::check_history(Instant needed, std::string where) {
    const auto oldest = store_.oldest_available();
    if (!oldest) return tl::unexpected(oldest.error());
    if (!*oldest || needed >= **oldest) return {};
    return fail(ErrorCode::gone, fmt::format("history reaches back to {}", format_instant(**oldest)), std::move(where));
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
    position.selection = request.selection;
    if (request.from && *request.from > position.until) {
        return fail(ErrorCode::invalid_input,
                    fmt::format("van lies in the future: the feed reaches to {}", format_instant(position.until)),
                    "van");
    }
    if (auto kept = check_history(position.from.value_or(position.until), request.from ? "van" : "tot"); !kept) {
        return tl::unexpected(kept.error());
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

Result<Cursor> Feed::read_cursor(std::string_view text) const {
    auto cursor = decode(text, store_.secret());
    if (cursor && cursor->epoch != store_.epoch()) {
        return fail(ErrorCode::gone, "the cursor belongs to another history: a backup was restored", "vervolg");
    }
    return cursor;
}

Result<Position> Feed::resolve(std::string_view text, SelectionPointer selection) {
    const auto cursor = read_cursor(text);
    if (!cursor) return tl::unexpected(cursor.error());
    auto kinship = cursor->selection || selection ? Kinship::other_criteria : Kinship::same;
    if (cursor->selection && selection) kinship = compare_digests(*cursor->selection, selection->digest);
    if (kinship == Kinship::other_lists) {
        return fail(ErrorCode::gone,
                    "a code list was replaced, and the criteria mean other CVs than when the cursor was given out",
                    "vervolg");
    }
    if (kinship == Kinship::other_criteria) {
        return fail(ErrorCode::invalid_input,
                    "the cursor belongs to other criteria: give the same criteria with it as in the first request",
                    "vervolg");
    }
    if (cursor->position < cursor->range.until) {
        if (auto kept = check_history(cursor->from.value_or(cursor->until), "vervolg"); !kept) {
            return tl::unexpected(kept.error());
        }
        return Position{cursor->range, cursor->from, cursor->until, false, 0, cursor->position, std::move(selection)};
    }
    return resolve(WindowRequest{cursor->until, std::nullopt, 0, std::move(selection)});
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

Result<void> Feed::prepare(Position& position) const {
    if (indexed_ == nullptr || !position.selection || !position.range.only_published) return {};
    auto found = indexed_->candidates(store_, *position.selection, position.range.until);
    if (!found) return tl::unexpected(found.error());
    if (*found) position.candidates = std::make_shared<const std::vector<store::Seq>>(std::move(**found));
    return {};
}

Result<std::vector<store::Change>> Feed::read_candidates(const Position& position, store::Seq after,
                                                         std::size_t limit) {
    const auto& all = *position.candidates;
    std::vector<store::Change> changes;
    for (auto next = std::upper_bound(all.begin(), all.end(), after); next != all.end() && changes.size() < limit;
         ++next) {
        const auto read = store_.read_range(position.range, *next - 1, 1);
        if (!read) return tl::unexpected(read.error());
        if (!read->empty() && read->front().seq == *next) changes.push_back(read->front());
    }
    return changes;
}

Result<Feed::Piece> Feed::read_on(const Position& position, store::Seq after, std::size_t limit) {
    auto changes =
        position.candidates ? read_candidates(position, after, limit) : store_.read_range(position.range, after, limit);
    if (!changes) return tl::unexpected(changes.error());
    // Asked after the reading: what was forgotten by then may be missing from it.
    if (auto kept = check_history(position.from.value_or(position.until), "van"); !kept) {
        return tl::unexpected(kept.error());
    }
    Piece piece;
    piece.is_last = changes->size() < limit;
    piece.reached = piece.is_last ? position.range.until : changes->back().seq;
    if (position.selection) {
        // A first load is of everything: nobody asks for the same again in a moment.
        auto* judged = position.range.only_published ? nullptr : &judged_;
        auto selected = select(store_, *position.selection, position.range, *changes, judged);
        if (!selected) return tl::unexpected(selected.error());
        piece.changes = std::move(*selected);
    } else {
        for (auto& change : *changes) piece.changes.push_back({change, false});
    }
    return piece;
}

Result<bool> Feed::walk_on(Walk& walk) {
    const auto key = selected_key(walk.position);
    walk.whole = selected_.find(key);
    if (walk.whole) return true;
    if (!walk.is_prepared) {
        if (auto done = prepare(walk.position); !done) return tl::unexpected(done.error());
        walk.is_prepared = true;
    }
    const auto piece = read_on(walk.position, walk.reached, entries_a_step);
    if (!piece) return tl::unexpected(piece.error());
    walk.found.insert(walk.found.end(), piece->changes.begin(), piece->changes.end());
    walk.reached = piece->reached;
    if (!piece->is_last) return false;
    const auto weight = walk.found.size() * sizeof(SelectedChange) + key.size();
    walk.whole = std::make_shared<const std::vector<SelectedChange>>(std::move(walk.found));
    selected_.insert(key, walk.whole, weight);
    return true;
}

// The whole of a window's selection: its exact total cannot be known from less.
Result<Feed::SelectedPointer> Feed::select_all(const Position& position) {
    Walk walk(position);
    for (;;) {
        const auto is_done = walk_on(walk);
        if (!is_done) return tl::unexpected(is_done.error());
        if (*is_done) return walk.whole;
    }
}

Result<Page> Feed::read_selected(const Position& position, std::uint32_t count) {
    const auto all = select_all(position);
    if (!all) return tl::unexpected(all.error());
    const auto after = [&](const SelectedChange& each) { return each.change.seq <= position.after; };
    const auto begin =
        position.by_offset
            ? (*all)->begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(position.offset, (*all)->size()))
            : std::partition_point((*all)->begin(), (*all)->end(), after);
    // One more than asked for tells whether any follow.
    const auto end = begin + std::min<std::ptrdiff_t>(std::ptrdiff_t{count} + 1, (*all)->end() - begin);
    std::vector<store::Change> changes;
    std::vector<bool> has_left;
    for (auto each = begin; each != end; ++each) {
        changes.push_back(each->change);
        has_left.push_back(each->has_left);
    }
    Page page = make_page(position, (*all)->size(), std::move(changes), count);
    has_left.resize(page.changes.size());
    page.has_left = std::move(has_left);
    return page;
}

Result<Page> Feed::read(const Position& position, std::uint32_t count) {
    if (position.selection) return read_selected(position, count);
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
