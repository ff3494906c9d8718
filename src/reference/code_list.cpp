#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.hpp"
#include "reference/code_list.hpp"

namespace cvstroom::reference {
namespace {

constexpr std::size_t no_parent = std::numeric_limits<std::size_t>::max();
constexpr std::size_t most_edits = 2;
constexpr std::size_t shortest_prefix = 2;

std::size_t shared_prefix(std::string_view a, std::string_view b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

// Smaller is nearer; nothing when the two do not look alike. Other case comes first, then few edits, then the longest
// shared prefix.
std::optional<std::size_t> distance(std::string_view wanted, std::string_view known) {
    if (equal_ignoring_case(wanted, known)) return 0;
    const std::size_t longest = std::max(wanted.size(), known.size());
    const std::size_t edits = edit_distance(wanted, known, most_edits);
    // As many edits as characters is another code altogether.
    if (edits <= most_edits && edits < longest) return edits;
    const std::size_t prefix = shared_prefix(wanted, known);
    if (prefix < shortest_prefix) return std::nullopt;
    return most_edits + 1 + longest - prefix;
}

}  // namespace

CodeList::CodeList(std::string name, std::vector<CodeItem> items) : name_(std::move(name)), items_(std::move(items)) {
    link();
}

CodeList::CodeList(const CodeList& other) : name_(other.name_), items_(other.items_) {
    link();
}

CodeList& CodeList::operator=(const CodeList& other) {
    if (this != &other) *this = CodeList(other);
    return *this;
}

void CodeList::link() {
    by_code_.reserve(items_.size());
    for (std::size_t i = 0; i < items_.size(); ++i) by_code_.emplace(items_[i].code, i);
    parents_.reserve(items_.size());
    for (const auto& item : items_) {
        const auto parent = by_code_.find(item.parent);
        parents_.push_back(item.parent.empty() || parent == by_code_.end() ? no_parent : parent->second);
    }
}

const CodeItem* CodeList::find(std::string_view code) const {
    const auto found = by_code_.find(code);
    return found == by_code_.end() ? nullptr : &items_[found->second];
}

std::vector<std::string_view> CodeList::with_descendants(std::string_view code) const {
    std::vector<std::string_view> codes;
    const auto root = by_code_.find(code);
    if (root == by_code_.end()) return codes;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        std::size_t at = i;
        while (at != root->second && at != no_parent) at = parents_[at];
        if (at == root->second) codes.emplace_back(items_[i].code);
    }
    return codes;
}

std::vector<std::string_view> CodeList::with_ancestors(std::string_view code) const {
    std::vector<std::string_view> codes;
    const auto found = by_code_.find(code);
    for (std::size_t at = found == by_code_.end() ? no_parent : found->second; at != no_parent; at = parents_[at]) {
        codes.emplace_back(items_[at].code);
    }
    return codes;
}

std::vector<std::string_view> CodeList::nearest(std::string_view code, std::size_t most) const {
    std::vector<std::pair<std::size_t, std::string_view>> near;
    for (const auto& item : items_) {
        if (const auto far = distance(code, item.code)) near.emplace_back(*far, item.code);
    }
    const std::size_t kept = std::min(most, near.size());
    std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(kept), near.end());
    std::vector<std::string_view> codes;
    for (std::size_t i = 0; i < kept; ++i) codes.push_back(near[i].second);
    return codes;
}

}  // namespace cvstroom::reference
