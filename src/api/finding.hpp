// What a partner's client did wrong, as the sandbox tells it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/local_text.hpp"

namespace cvstroom::api {

enum class FindingKind {
    // From comparing what it holds with what it should.
    held_erased,       // the gravest: personal data that should be gone
    missed_removal,    // holds a CV that was withdrawn
    missed_candidate,  // lacks one that is published
    missed_change,     // holds an older version than it was told of
    stale,             // holds an older version, and never asked for the part of the feed that tells it
    wrong_order,       // received the newer document, and holds the older
    unknown_candidate,
    unknown_version,  // newer than any that there is
    held_twice,
    // From the record of its calls.
    ignored_wait,      // called again before Retry-After was over
    left_window,       // began another window before the last page of the one before
    never_last,        // stands in the middle of a window
    own_clock,         // `van` beyond every `tot` that it was given
    did_not_restart,   // went on with a cursor or a `van` that is gone
    overlapping,       // `van` before the `tot` that it was given: allowed, not needed here
    needless_details,  // fetched a version that it already had
};

struct Example {
    std::string subject;  // a cvId, or the request
    std::optional<std::uint64_t> held;
    std::optional<std::uint64_t> expected;
};

struct Finding {
    static constexpr std::size_t most_examples = 5;

    std::uint64_t count = 0;
    std::vector<Example> examples;  // the first ones

    void add(Example example) {
        if (count++ < most_examples) examples.push_back(std::move(example));
    }
};

// In the order of the enumeration: the gravest first.
using Findings = std::map<FindingKind, Finding>;

struct FindingText {
    std::string_view wire;  // "gewisteCvBehouden"
    bool is_fault;          // else a remark: allowed, but not good
    LocalText what;
    LocalText advice;
};

const FindingText& text_of(FindingKind kind);

}  // namespace cvstroom::api
