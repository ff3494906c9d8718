#include "search/plan.hpp"

#include <limits>

namespace cvstroom::search {
namespace {

constexpr auto most_rank = std::numeric_limits<std::uint16_t>::max();

// A code that no CV has ever had is not in the dictionary: it matches nothing, and adds nothing here.
void add_range(const Value& value, index::Dimension dimension, const index::Dictionary& dictionary,
               std::vector<KeyRange>& ranges) {
    const auto code = dictionary.find(dimension, value.code);
    if (!code) return;
    ranges.push_back({index::term_key(*code, value.least_rank), index::term_key(*code, most_rank)});
}

std::optional<index::TermKey> silent_term(const Criteria& criteria, index::Dimension dimension,
                                          const index::Dictionary& dictionary) {
    if (!criteria.keep_unknown) return std::nullopt;
    const auto code = dictionary.find(dimension, index::any_code);
    // Nobody says anything: all are silent. No row has the greatest key there is.
    return code ? index::term_key(*code, 0) : std::numeric_limits<index::TermKey>::max();
}

}  // namespace

Plan make_plan(const Criteria& criteria, const index::Dictionary& dictionary) {
    Plan plan;
    for (const auto& criterion : criteria.criteria) {
        const auto silent = silent_term(criteria, criterion.dimension, dictionary);
        for (const auto& value : criterion.wanted) {
            if (criterion.all || &value == &criterion.wanted.front()) plan.clauses.push_back({{}, silent});
            add_range(value, criterion.dimension, dictionary, plan.clauses.back().any_of);
        }
        for (const auto& value : criterion.excluded) {
            add_range(value, criterion.dimension, dictionary, plan.excluded);
        }
    }
    return plan;
}

}  // namespace cvstroom::search
