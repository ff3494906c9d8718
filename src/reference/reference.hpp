// The code lists that documents and criteria use (SPEC 6): those of the project's data/ folder, each of which a
// provider may have replaced by a list of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "candidate/code_book.hpp"
#include "reference/code_list.hpp"
#include "reference/places.hpp"

namespace cvstroom::reference {

// The text of a file for each list that is replaced, by the list's name.
using ReplacedLists = std::map<std::string, std::string, std::less<>>;

// All lists. Immutable, thread-safe.
class ReferenceData final : public candidate::CodeBook {
  public:
    // Reads the TSV files of `folder`, but for the lists that are replaced. invalid_input names file, line and reason;
    // not_found a missing file. `revision` is what revision() gives.
    static Result<std::shared_ptr<const ReferenceData>> load(const std::filesystem::path& folder,
                                                             const ReplacedLists& replaced = {},
                                                             std::optional<std::uint64_t> revision = {});

    const CodeList& list(candidate::CodeKind kind) const;
    const CodeList* find_list(std::string_view name) const;  // by its name in the reference API; nullptr: none
    const std::vector<CodeList>& lists() const { return lists_; }
    const Places& places() const { return places_; }

    bool knows(candidate::CodeKind kind, std::string_view code) const override;
    std::string nearest(candidate::CodeKind kind, std::string_view code) const override;
    std::optional<std::uint64_t> revision() const override { return revision_; }

  private:
    std::vector<CodeList> lists_;  // in the order of list_sources(), so of CodeKind
    Places places_;
    std::optional<std::uint64_t> revision_;
};

}  // namespace cvstroom::reference
