// What a search asks for (SPEC 4), as plain values: the meeting point of the parser, the engine and the reference
// evaluator of the tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "index/dictionary.hpp"
#include "search/distance.hpp"
#include "search/text_query.hpp"

namespace cvstroom::search {

// A code, with the least rank that counts (a language level, an experience, a score, a year; 0: any).
struct Value {
    std::string code;
    std::uint16_t least_rank = 0;
    bool operator==(const Value&) const = default;
};

// One criterion. A CV satisfies it when it has one of `wanted` (all of them with `all`; nothing is asked when the list
// is empty) and none of `excluded`. A CV that says nothing in the dimension has no value: it fails a criterion that
// wants one, unless Criteria::keep_unknown; exclusion alone never removes it.
struct Criterion {
    index::Dimension dimension{};
    bool all = false;
    std::vector<Value> wanted;
    std::vector<Value> excluded;
};

// All criteria together: a CV must satisfy each.
struct Criteria {
    std::vector<Criterion> criteria;
    std::optional<TextQuery> text;         // trefwoord
    std::optional<Around> around;          // postcode, with straal
    bool keep_unknown = false;             // onbekend=mee
    std::optional<Instant> changed_from;   // the instant in the change log, inclusive
    std::optional<Instant> changed_until;  // exclusive
};

}  // namespace cvstroom::search
