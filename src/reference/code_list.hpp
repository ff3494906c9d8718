// One code list of the reference API (SPEC 6).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace cvstroom::reference {

struct CodeItem {
    std::string code;
    std::string label_nl;
    std::string label_fr;  // empty where none is known
    std::string label_en;
    std::string parent;         // empty at the top of a hierarchy, and in flat lists
    std::string description{};  // omschrijving; empty where there is none
    std::string successor{};    // the code that took its place (omgezetNaar); empty: none. The code itself stays known
    std::optional<Date> valid_from{};   // the first day
    std::optional<Date> valid_until{};  // the last day
    // What else the list says of it: wire name (a literal) and value.
    std::vector<std::pair<std::string_view, std::string>> properties{};

    bool operator==(const CodeItem&) const = default;

    bool is_valid_on(Date day) const {
        return !(valid_from && day < *valid_from) && !(valid_until && *valid_until < day);
    }
};

// Immutable once loaded.
class CodeList {
  public:
    // Pre: the codes differ from each other, and following parents ends (ListReader checks both).
    CodeList(std::string name, std::vector<CodeItem> items);
    CodeList(const CodeList& other);
    CodeList& operator=(const CodeList& other);
    CodeList(CodeList&&) noexcept = default;
    CodeList& operator=(CodeList&&) noexcept = default;
    ~CodeList() = default;

    const std::string& name() const { return name_; }  // as in the reference API: "diplomas", "regios", …
    const std::vector<CodeItem>& items() const { return items_; }
    const CodeItem* find(std::string_view code) const;  // nullptr when unknown; codes are compared exactly
    // The code itself and all that lies inside it, in list order; empty when unknown.
    std::vector<std::string_view> with_descendants(std::string_view code) const;
    // The code itself and everything that it lies in, innermost first; empty when unknown.
    std::vector<std::string_view> with_ancestors(std::string_view code) const;
    // At most `most` known codes nearest to `code`: other case first, then few edits, then a shared prefix.
    std::vector<std::string_view> nearest(std::string_view code, std::size_t most) const;

  private:
    void link();  // makes what follows items_

    std::string name_;
    std::vector<CodeItem> items_;
    // The keys are views into items_: a move takes the items along where they stand, a copy links anew.
    std::unordered_map<std::string_view, std::size_t> by_code_;
    std::vector<std::size_t> parents_;  // of each item, its parent's position
};

}  // namespace cvstroom::reference
