// Who the person of a document is, decided before anything of it is written.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "sandbox/diplomas.hpp"
#include "sandbox/names.hpp"
#include "sandbox/phrase.hpp"
#include "sandbox/places.hpp"
#include "sandbox/random.hpp"
#include "sandbox/revision.hpp"
#include "sandbox/texts.hpp"
#include "sandbox/trades.hpp"

namespace cvstroom::sandbox {

// All that drawing and writing choose from. Immutable once loaded.
struct Vocabulary {
    Places places;
    Names names;
    Diplomas diplomas;
    Trades trades;
    Texts texts;
};

struct Draft {
    Random random;
    std::uint64_t number;
    std::chrono::sys_days today;  // wijzigingsDatum: nothing in the document is later
    const Municipality* home = nullptr;
    const Country* country = nullptr;
    Tongue tongue = Tongue::dutch;
    bool is_woman = false;
    std::chrono::sys_days born{};
    int age = 0;
    const Profession* profession = nullptr;
    std::array<const Profession*, 4> related{};  // to the profession, different from each other; at least one
    std::size_t related_count = 0;
    Level level = Level::secondary;
    bool is_student = false;            // has no diploma of any level yet
    int left_school = 0;                // the year; school years end in June
    int months_worked = 0;              // since then, at most
    bool has_reserved_diploma = false;  // set when the educations are written
    Revision revision{};                // what changed since; the parts that it counts are written accordingly
    std::uint64_t seed;

    // Chance for the `count`-th change of one part, apart from the chance that made the document: the other parts stay
    // as they were.
    Random random_of_change(char part, std::uint32_t count) const {
        return {mix(seed + static_cast<unsigned char>(part)) + count, number};
    }
};

Draft make_draft(const Vocabulary& words, std::uint64_t seed, std::uint64_t number);

// `wijzigingsDatum` of document `number`: from 2024-01-01 on, never falling, never after 2026-10-31.
std::chrono::sys_days change_date(std::uint64_t number);

}  // namespace cvstroom::sandbox
