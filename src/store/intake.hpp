// From a provider's document to a Write: checked, canonical, compressed, digested. The one door for documents.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "candidate/parse.hpp"
#include "store/store.hpp"

namespace cvstroom::store {

// How often a document is checked again when code lists are replaced between its check and its storing, each time.
inline constexpr int most_checks = 5;

// Not thread-safe: one a thread.
class Intake {
  public:
    // `codes` must outlive the intake.
    explicit Intake(const candidate::CodeBook& codes) : parser_(codes), lists_revision_(codes.revision()) {}

    // The whole document or every fault in it. A document with status VERWIJDERD becomes an erasure: nothing of it is
    // kept.
    tl::expected<Write, std::vector<candidate::Fault>> prepare(std::string_view json);

  private:
    candidate::Parser parser_;
    std::optional<std::uint64_t> lists_revision_;
};

// An erasure by id, dated `today` (SPEC 2: VERWIJDERD).
Write make_erasure(const Uuid& cv, Date today);

}  // namespace cvstroom::store
