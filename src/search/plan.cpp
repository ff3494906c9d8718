#include "search/plan.hpp"

namespace cvstroom::search {
namespace {

// A code that no CV has ever had is not in the dictionary: it matches nothing, and adds nothing here.
void add_code(const Value& value, index::Dimension dimension, const index::Dictionary& dictionary,
              std::vector<CodeAtLeast>& codes) {
    if (const auto code = dictionary.find(dimension, value.code)) codes.push_back({*code, value.least_rank});
}

// Nobody says anything in the dimension: all are silent, as if about a code that no row has.
std::optional<index::CodeNumber> silent_code(const Criteria& criteria, index::Dimension dimension,
                                             const index::Dictionary& dictionary) {
    if (!criteria.keep_unknown) return std::nullopt;
    return dictionary.find(dimension, index::any_code).value_or(no_code);
}

}  // namespace

Plan make_plan(const Criteria& criteria, const index::Dictionary& dictionary) {
    Plan plan;
    for (const auto& criterion : criteria.criteria) {
        const auto silent = silent_code(criteria, criterion.dimension, dictionary);
        for (const auto& value : criterion.wanted) {
            if (criterion.all || &value == &criterion.wanted.front()) plan.clauses.push_back({{}, silent, nullptr});
            add_code(value, criterion.dimension, dictionary, plan.clauses.back().any_of);
        }
        for (const auto& value : criterion.excluded) {
            add_code(value, criterion.dimension, dictionary, plan.excluded);
        }
    }
    return plan;
}

}  // namespace cvstroom::search
