// Finds the bytes of a value in a JSON text. A parsed document has lost them: escapes, digits and spaces of what this
// version does not know are to come back as they were received (SPEC 2).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "candidate/document_path.hpp"

namespace cvstroom::candidate {

class RawText {
  public:
    // Pre: `json` is valid JSON, its whole value an object or an array. A view: the text must outlive it.
    explicit RawText(std::string_view json) : json_(json) {}

    // The bytes of the value at the end of `path`, without space around it.
    // Pre: the path exists, is not empty, and is not before the one of the call before in the order of the text.
    // All calls for one text together take O(length * depth): the search goes on from where the last one ended.
    std::string_view find(std::span<const Step> path);

  private:
    // A value inside a container that was entered.
    struct Place {
        std::size_t ordinal;
        std::size_t at;
        bool is_entry;
    };

    Place first_in(std::size_t container) const;
    void go_to_next(Place& place) const;
    std::size_t value_after(std::size_t at, bool is_entry) const;
    std::size_t end_of_value(std::size_t at) const;
    std::size_t end_of_string(std::size_t at) const;
    std::size_t end_of_container(std::size_t at) const;
    std::size_t skip_space(std::size_t at) const;

    std::string_view json_;
    std::vector<Place> places_;  // outermost first
};

}  // namespace cvstroom::candidate
