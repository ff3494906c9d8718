#include "search/engine.hpp"

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

void visit_matches(const Plan& plan, const index::Snapshot& snapshot, const MatchVisitor& visit) {
    MatchScratch scratch;  // not the thread's: `visit` may search itself
    for (std::size_t part = snapshot.parts.size(); part-- > 0;) {
        const Match match(plan, snapshot.parts[part], scratch);
        if (match.count() > 0) visit(part, match.rows());
    }
}

}  // namespace cvstroom::search
