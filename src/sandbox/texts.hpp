// The sentences that people write.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/data_folder.hpp"
#include "sandbox/phrase.hpp"

namespace cvstroom::sandbox {

// What a template leaves open: its {placeholders}, in the order of their names in texts.cpp.
enum class Slot : std::size_t {
    profession,
    years,
    sector,
    region,
    competence,
    other_competence,
    language,
    diploma,
    count,
    work_system,
    old_diploma,
    old_code,
    date,
    field,
    school,
};

// "Instaan voor {competentie}.": literal JSON text around slots.
class Template {
  public:
    // Nothing when a placeholder has no name that is known, or no end.
    static std::optional<Template> parse(std::string_view text);

    // Calls `fill(slot, starts)` for each slot, which appends its value to `out`; `starts`: at the sentence's start.
    template <typename Fill>
    void append(std::string& out, const Fill& fill) const {
        for (const auto& piece : pieces_) {
            out += piece.literal;
            if (piece.slot) fill(*piece.slot, &piece == pieces_.data() && piece.literal.empty());
        }
    }

    bool has(Slot slot) const;
    bool starts_with(std::string_view text) const { return pieces_.front().literal.starts_with(text); }

  private:
    struct Piece {
        std::string literal;
        std::optional<Slot> slot;  // follows the literal
    };
    std::vector<Piece> pieces_;
};

using TemplatesByTongue = std::array<std::vector<Template>, tongues>;

struct FreeCompetence {
    Phrase name;
    std::string description;
};

// Immutable once loaded.
struct Texts {
    TemplatesByTongue profiles;
    TemplatesByTongue tasks;               // of a job
    TemplatesByTongue titles;              // of a job
    std::vector<Template> trainee_titles;  // in Dutch
    std::vector<Template> trainee_tasks;   // in Dutch
    std::vector<Template> study_notes;     // in Dutch, as all notes on studies
    std::vector<Template> conversions;     // of an old diploma
    std::vector<Template> unfinished;      // studies
    std::vector<Template> foreign;         // diplomas
    std::array<std::vector<FreeCompetence>, tongues> free_competences;
    std::vector<Phrase> languages;     // Dutch names of the languages most asked for
    std::vector<Phrase> work_systems;  // Dutch

    static Texts load(DataFolder& data);
};

}  // namespace cvstroom::sandbox
