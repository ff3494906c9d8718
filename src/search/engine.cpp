#include "search/engine.hpp"

#include "search/match.hpp"

namespace cvstroom::search {

Page run(const Plan& plan, const index::Snapshot& snapshot, std::uint64_t offset, std::uint32_t count) {
    thread_local MatchScratch scratch;
    Page page;
    for (auto part = snapshot.parts.rbegin(); part != snapshot.parts.rend(); ++part) {
        const Match match(plan, *part, scratch);
        const std::uint64_t wanted = count - page.rows.size();
        if (offset < page.total + match.count() && wanted > 0) {
            match.append(offset > page.total ? offset - page.total : 0, wanted, page.rows);
        }
        page.total += match.count();
    }
    return page;
}

}  // namespace cvstroom::search
