#include "mirror/seed_window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace cvstroom::mirror {
namespace {

constexpr unsigned most_readings = 4;
constexpr std::uint64_t least_page_size = 50;
// No API caps its windows at less.
constexpr std::uint64_t least_cap = 500;
constexpr auto least_span = std::chrono::seconds{2};

// Whole seconds: an API may know no finer ones.
Instant half_of(const Window& window) {
    return std::chrono::floor<std::chrono::seconds>(*window.from + (window.until - *window.from) / 2);
}

// Each CV once, with what all its rows agree on.
void fold(WindowList& list) {
    std::unordered_map<Uuid, std::size_t, UuidHash> places;
    std::vector<ListedCv> folded;
    for (auto& listed : list.cvs) {
        const auto [place, is_new] = places.try_emplace(listed.cv, folded.size());
        if (is_new) {
            folded.push_back(std::move(listed));
        } else if (folded[place->second].publication != listed.publication) {
            folded[place->second].publication = Publication::unknown;
        }
    }
    list.cvs = std::move(folded);
}

}  // namespace

Result<WindowList> SeedWindowReader::read(const Window& window) {
    WindowList list;
    if (auto done = read_into(window, list); !done) return tl::unexpected(done.error());
    fold(list);
    return list;
}

Result<void> SeedWindowReader::read_into(const Window& window, WindowList& list) {
    for (unsigned reading = 0; reading < most_readings; ++reading) {
        const auto read = read_once(window, list);
        if (!read) return tl::unexpected(read.error());
        const bool can_be_cut = window.from && window.until - *window.from >= least_span;
        if (read->is_steady) {
            const auto capped = can_be_cut && read->total >= least_cap ? is_capped(window, read->total) : false;
            if (!capped) return tl::unexpected(capped.error());
            if (!*capped) return {};
        }
        if (!can_be_cut) continue;
        const auto half = half_of(window);
        if (auto done = read_into({window.from, half}, list); !done) return done;
        return read_into({half, window.until}, list);
    }
    list.is_steady = false;
    return {};
}

// Rows go to the list also when the window was not steady.
Result<SeedWindowReader::Reading> SeedWindowReader::read_once(const Window& window, WindowList& list) {
    std::uint64_t offset = 0;
    Reading reading;
    std::optional<Uuid> last;
    for (bool is_first = true;; is_first = false) {
        const std::uint64_t shared = last ? 1 : 0;
        auto page = this->page(window, offset - shared, page_size_);
        if (!page) return tl::unexpected(page.error());
        if (!is_first && reading.total != page->total) reading.is_steady = false;
        reading.total = page->total;
        if (last && (page->cvs.empty() || page->cvs.front().cv != *last)) reading.is_steady = false;
        const auto fresh = page->cvs.size() - std::min<std::uint64_t>(page->cvs.size(), shared);
        for (auto& listed : page->cvs) list.cvs.push_back(std::move(listed));
        list.rows += fresh;
        offset += fresh;
        if (fresh == 0 || offset >= reading.total) {
            reading.is_steady = reading.is_steady && offset == reading.total;
            return reading;
        }
        last = list.cvs.back().cv;
        if (!reading.is_steady && window.from && window.until - *window.from >= least_span) return reading;
    }
}

// Cuts the window until both parts have rows: a total that is true is their sum.
Result<bool> SeedWindowReader::is_capped(Window window, std::uint64_t total) {
    while (window.until - *window.from >= least_span) {
        const auto half = half_of(window);
        const auto before = page({window.from, half}, 0, 1);
        if (!before) return tl::unexpected(before.error());
        const auto after = page({half, window.until}, 0, 1);
        if (!after) return tl::unexpected(after.error());
        if (before->total + after->total > total) return true;
        if (before->total > 0 && after->total > 0) return false;
        if (before->total == 0) {
            window.from = half;
        } else {
            window.until = half;
        }
    }
    return false;
}

Result<FeedPage> SeedWindowReader::page(const Window& window, std::uint64_t offset, std::uint64_t count) {
    for (;;) {
        std::string query;
        if (window.from) query = "van=" + url_encoded(format_instant(*window.from)) + "&";
        query += fmt::format("tot={}&vanaf={}&aantal={}", url_encoded(format_instant(window.until)), offset, count);
        auto page = api_.page(query);
        const bool may_be_too_large = !page && page.error().code == ErrorCode::invalid_input && count > least_page_size;
        if (!may_be_too_large) return page;
        count = page_size_ = std::max(least_page_size, page_size_ / 4);
    }
}

}  // namespace cvstroom::mirror
