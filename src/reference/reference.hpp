// The code lists that documents and criteria use (SPEC 6), read from the project's data/ folder.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "candidate/code_book.hpp"

namespace cvstroom::reference {

struct CodeItem {
    std::string code;
    std::string label_nl;
    std::string label_fr;  // empty where none is known
    std::string label_en;
    std::string parent;  // empty at the top of a hierarchy, and in flat lists
};

// One list: immutable once loaded.
class CodeList {
  public:
    // Pre: the codes differ from each other, and following parents ends (ReferenceData::load checks both).
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

// All lists. Immutable, thread-safe.
class ReferenceData final : public candidate::CodeBook {
  public:
    // Reads the TSV files of `folder`. invalid_input names file, line and reason; not_found a missing file.
    static Result<std::shared_ptr<const ReferenceData>> load(const std::filesystem::path& folder);

    const CodeList& list(candidate::CodeKind kind) const;

    bool knows(candidate::CodeKind kind, std::string_view code) const override;
    std::string nearest(candidate::CodeKind kind, std::string_view code) const override;

  private:
    std::vector<CodeList> lists_;  // in the order of CodeKind
};

}  // namespace cvstroom::reference
