// Reads a window of a bulk list by offset pages (the seed's only way), on the guess that the list moves while it is
// read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "mirror/cv_api.hpp"

namespace cvstroom::mirror {

// [from, until) of the API's own time axis.
struct Window {
    std::optional<Instant> from;  // none: without `van`
    Instant until;
};

struct WindowList {
    std::vector<ListedCv> cvs;  // each once; `publication` unknown where rows disagree: the detail decides
    std::uint64_t rows = 0;
    bool is_steady = true;  // read without the list moving under it
};

// How it knows that the list moved: the total changes between pages, or the row that two pages share is not the same in
// both (each page begins with the last row of the one before; pitfall 8). A window that moves is cut in two by time,
// down to a second, until each part fits one page, which cannot move; a part that cannot be cut is read again, and what
// all readings saw counts. Fewer rows than the total promises: a hidden cap, cut in the same way (pitfall 28).
class SeedWindowReader {
  public:
    explicit SeedWindowReader(CvApi& api) : api_(api) {}
    Result<WindowList> read(const Window& window);

  private:
    struct Reading {
        bool is_steady = true;
        std::uint64_t total = 0;
    };
    Result<Reading> read_once(const Window& window, WindowList& list);
    Result<bool> is_capped(Window window, std::uint64_t total);
    Result<void> read_into(const Window& window, WindowList& list);
    Result<FeedPage> page(const Window& window, std::uint64_t offset, std::uint64_t count);

    CvApi& api_;
    std::uint64_t page_size_ = 2000;
};

}  // namespace cvstroom::mirror
