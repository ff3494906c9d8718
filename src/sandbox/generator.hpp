// Makes realistic CVs of fictional persons, in the form of the seed's documents.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "reference/reference.hpp"
#include "sandbox/revision.hpp"

namespace cvstroom::sandbox {

// Deterministic: the same data folder, seed and number give the same bytes on every machine and thread.
// Names are drawn by frequency, places by inhabitants; diplomas, professions, competences, regions, languages and
// employers fit each other; texts are Dutch, French or English. All persons are fictional: names, streets and employers
// are drawn independently, telephone numbers and mail domains come from ranges kept for fiction (data/README.md). No
// generated CV has both the diploma MAE5AHH and a wish for BE231A or a region inside it: that search belongs to the
// seed's seven (sandbox/seed_candidates.hpp). Immutable after loading; append() is thread-safe.
class Generator {
  public:
    // `replaced`: the code lists that a provider has loaded over those in `data`. They must have the columns that the
    // generator needs; the error names what is missing.
    static Result<std::unique_ptr<const Generator>> load(const std::filesystem::path& data, std::uint64_t seed,
                                                         const reference::ReplacedLists& replaced = {});
    virtual ~Generator() = default;

    // Appends document `number` (minified JSON, no newline). `cvId` depends on seed and number alone, and
    // `wijzigingsDatum` never falls as the number rises.
    virtual void append(std::uint64_t number, std::string& out) const = 0;

    // Document `number` as it became. Status::erased is the caller's to write: there is no document then.
    virtual void append(std::uint64_t number, const Revision& revision, std::string& out) const = 0;

    // The `cvId` of document `number`.
    virtual Uuid id(std::uint64_t number) const = 0;
};

}  // namespace cvstroom::sandbox
