#include "candidate/raw_text.hpp"

#include <algorithm>

namespace cvstroom::candidate {
namespace {

constexpr std::string_view space = " \t\n\r";
constexpr std::string_view after_scalar = ",]} \t\n\r";

}  // namespace

std::string_view RawText::find(std::span<const Step> path) {
    std::size_t level = 0;
    while (level < path.size() && level < places_.size() && places_[level].ordinal == path[level].ordinal) ++level;
    // One place beyond what is shared is kept: the search goes on from there, not from its container's start.
    places_.resize(std::min(places_.size(), level + 1));
    for (; level < path.size(); ++level) {
        if (places_.size() == level) places_.push_back(first_in(level == 0 ? skip_space(0) : places_[level - 1].at));
        while (places_[level].ordinal < path[level].ordinal) go_to_next(places_[level]);
    }
    const std::size_t at = places_[path.size() - 1].at;
    return json_.substr(at, end_of_value(at) - at);
}

RawText::Place RawText::first_in(std::size_t container) const {
    const bool is_entry = json_[container] == '[';
    return {0, value_after(container + 1, is_entry), is_entry};
}

void RawText::go_to_next(Place& place) const {
    const std::size_t comma = skip_space(end_of_value(place.at));
    place.at = value_after(comma + 1, place.is_entry);
    ++place.ordinal;
}

// The value that follows an opening bracket or a comma, past its name where it has one.
std::size_t RawText::value_after(std::size_t at, bool is_entry) const {
    const std::size_t start = skip_space(at);
    if (is_entry) return start;
    const std::size_t colon = skip_space(end_of_string(start));
    return skip_space(colon + 1);
}

std::size_t RawText::end_of_value(std::size_t at) const {
    switch (json_[at]) {
        case '"':
            return end_of_string(at);
        case '{':
        case '[':
            return end_of_container(at);
        default:
            return std::min(json_.find_first_of(after_scalar, at), json_.size());
    }
}

std::size_t RawText::end_of_string(std::size_t at) const {
    for (++at; json_[at] != '"';) at += json_[at] == '\\' ? 2 : 1;
    return at + 1;
}

std::size_t RawText::end_of_container(std::size_t at) const {
    std::size_t open = 0;
    for (;;) {
        const char c = json_[at];
        if (c == '"') {
            at = end_of_string(at);
            continue;
        }
        ++at;
        if (c == '{' || c == '[') ++open;
        if ((c == '}' || c == ']') && --open == 0) return at;
    }
}

std::size_t RawText::skip_space(std::size_t at) const {
    return std::min(json_.find_first_not_of(space, at), json_.size());
}

}  // namespace cvstroom::candidate
