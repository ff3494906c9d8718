// The question that validation asks about a code. reference/ answers it; candidate/ knows no lists.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cvstroom::candidate {

enum class CodeKind {
    diploma,
    region,
    profession,
    competence,        // technische competentie
    competence_score,  // 41, 42, 43
    soft_skill,
    language,
    language_level,  // 0 to 3
    driving_licence,
    certificate,  // attest
    work_regime,
    work_system,
    experience_level,  // 0 to 4
};

// Thread-safe for concurrent calls.
class CodeBook {
  public:
    virtual ~CodeBook() = default;
    virtual bool knows(CodeKind kind, std::string_view code) const = 0;
    // Known codes that look like `code`, ready for a message ("MAE5AHH, MAE5AHX"); may be empty.
    virtual std::string nearest(CodeKind kind, std::string_view code) const = 0;
    // Which state of the lists this is, as who keeps them counts (store::ReferenceStore::lists_revision); nothing when
    // nobody keeps them, so that they cannot be replaced.
    virtual std::optional<std::uint64_t> revision() const { return std::nullopt; }
};

}  // namespace cvstroom::candidate
