// The bulk feed (SPEC 5): windows on the change log.
//
// Invariants (docs/feed.md names the test of each):
//   * Only what lies before the store's horizon is ever answered, so an answered window is closed: the same range gives
//     the same entries for ever (pitfalls 1, 4, 5, 6).
//   * A window is a range of seq, and its order is seq (pitfalls 7, 9).
//   * A CV stands at most once in a window; a change that comes later does not take it out (pitfall 8).
//   * The end of a window is said, never inferred (pitfall 27).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/lru_cache.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "feed/cursor.hpp"
#include "feed/indexed_versions.hpp"
#include "feed/selection.hpp"
#include "store/store.hpp"

namespace cvstroom::feed {

// A window and a place in it.
struct WindowRequest {
    std::optional<Instant> from;   // none: the initial load, every CV that is published at `until`
    std::optional<Instant> until;  // none, or beyond the horizon: the horizon
    std::uint64_t offset = 0;
    SelectionPointer selection = nullptr;  // null: all CVs
};

// A resolved request: what exactly will be read. Equal positions have equal answers, for ever.
struct Position {
    store::LogRange range;
    std::optional<Instant> from;
    Instant until;
    bool by_offset = true;
    std::uint64_t offset = 0;  // when by_offset
    store::Seq after = 0;      // else: the last entry delivered
    SelectionPointer selection = nullptr;
    // Of a selection's initial load, once Feed::prepare() has asked the index: the entries that can be in it. Null:
    // any.
    std::shared_ptr<const std::vector<store::Seq>> candidates = nullptr;

    // Is it the window of what is new, with nothing new in it?
    bool is_up_to_date() const { return by_offset && range.from == range.until; }
};

struct Page {
    std::uint64_t total = 0;  // entries in the whole window
    std::vector<store::Change> changes;
    std::vector<bool> has_left;  // for each change of a selection, whether the CV left it; empty without a selection
    bool is_last = false;        // no entries of this window follow
    Cursor next;                 // continues after this page: first in this window, then with what is new
};

// Thread-safe.
class Feed {
  public:
    // All must outlive the feed. `indexed`: what makes first loads of selections quicker; null: they judge every CV.
    Feed(store::Store& store, const Clock& clock, const IndexedVersions* indexed = nullptr)
        : store_(store), clock_(clock), indexed_(indexed) {}

    // Settles a request against the horizon. invalid_input when `from` lies after `until` or beyond the horizon;
    // gone when history no longer reaches back to `from`.
    Result<Position> resolve(const WindowRequest& request);

    // Settles a cursor: the rest of its window, or the window of all that is new. invalid_input for one that was not
    // given out here, gone for one of another epoch.
    // One that is bound to other criteria than `selection` is invalid_input too; one of the same criteria, which mean
    // other CVs since a list was replaced, is gone.
    Result<Position> resolve(std::string_view cursor, SelectionPointer selection = nullptr);

    // What a cursor says. invalid_input for one that was not given out here, gone for one of another epoch.
    Result<Cursor> read_cursor(std::string_view cursor) const;

    Result<Page> read(const Position& position, std::uint32_t count);

    // A piece of the position's window, without counting the window.
    struct Piece {
        std::vector<SelectedChange> changes;
        store::Seq reached{};  // it covers the window up to and including this entry
        bool is_last = false;  // no entries of this window follow
    };
    // Asks the index for a position's candidates, if it has a selection and is an initial load. A search's time.
    Result<void> prepare(Position& position) const;

    // What stands after entry `after`; looks at no more than `limit` entries. gone when history was forgotten meanwhile
    // that the window needs: a reader may be slower than time.
    Result<Piece> read_on(const Position& position, store::Seq after, std::size_t limit);

    // A page of a selection tells the exact total of its window, so the whole window is judged first. A walk does that
    // a bounded number of entries at a time, so that others get their turns between; read() is quick when it is done.
    struct Walk {
        explicit Walk(Position place) : position(std::move(place)), reached(position.range.from) {}
        Position position;
        store::Seq reached;
        bool is_prepared = false;
        std::vector<SelectedChange> found{};
        std::shared_ptr<const std::vector<SelectedChange>> whole{};  // when it is done
    };
    // True when nothing is left to walk. Pre: the position has a selection.
    Result<bool> walk_on(Walk& walk);

    // Nobody waits for a change any more, or nothing has changed for a while: what was kept to judge it is dropped.
    void forget_judged() { judged_.clear(); }
    // Drops of it what was kept for longer than JudgedCodes::judged_for. To be called all the time, also when much
    // changes.
    void expire_judged() { judged_.expire(std::chrono::steady_clock::now()); }

    // What continues a position's window after entry `reached`; with its range.until, what continues with what is new.
    Cursor cursor_after(const Position& position, store::Seq reached) const {
        std::optional<std::array<std::uint8_t, 16>> selection;
        if (position.selection) selection = position.selection->digest;
        return {store_.epoch(), position.range, position.from, position.until, reached, selection};
    }

    std::string encode(const Cursor& cursor) const { return feed::encode(cursor, store_.secret()); }

  private:
    using OutlinePointer = LruCache<std::string, store::RangeOutline>::Pointer;

    Result<void> check_history(Instant needed, std::string where);
    Result<std::vector<store::Change>> read_candidates(const Position& position, store::Seq after, std::size_t limit);
    Result<Instant> horizon(std::optional<Instant> wanted);
    Result<OutlinePointer> outline(const store::LogRange& range);
    Result<std::vector<store::Change>> read_by_offset(const Position& position, const store::RangeOutline& outline,
                                                      std::uint32_t count);
    using SelectedPointer = LruCache<std::string, std::vector<SelectedChange>>::Pointer;
    Result<SelectedPointer> select_all(const Position& position);
    Result<Page> read_selected(const Position& position, std::uint32_t count);
    Page make_page(const Position& position, std::uint64_t total, std::vector<store::Change> changes,
                   std::uint32_t count) const;

    store::Store& store_;
    const Clock& clock_;
    const IndexedVersions* const indexed_;
    LruCache<std::string, store::RangeOutline> outlines_{64};
    LruCache<std::string, std::vector<SelectedChange>> selected_{64 * 1024 * 1024};  // bytes
    JudgedCodes judged_;
};

}  // namespace cvstroom::feed
