// Where a reader stands in a JSON document.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cvstroom::candidate {

// One step down: into a member of an object, or into an entry of an array.
struct Step {
    std::string_view name;    // of the member; no meaning for an entry
    std::size_t ordinal = 0;  // which member or entry it is, from 0, in the order of the text
    bool is_entry = false;
};

// The steps from the whole document to a value. Names are views: they must outlive their step.
class DocumentPath {
  public:
    void enter_member(std::string_view name, std::size_t ordinal) { steps_.push_back({name, ordinal, false}); }
    void enter_entry(std::size_t index) { steps_.push_back({{}, index, true}); }
    void leave() { steps_.pop_back(); }

    std::span<const Step> steps() const { return steps_; }
    const Step& last() const { return steps_.back(); }  // Pre: not at the whole document

    // JSON Pointer (RFC 6901); "" at the whole document.
    std::string pointer() const;
    std::string pointer_to_member(std::string_view name) const;

  private:
    std::vector<Step> steps_;
};

}  // namespace cvstroom::candidate
