#include "sandbox/draft.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

namespace cvstroom::sandbox {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;
using std::chrono::years;
using namespace std::chrono_literals;

constexpr sys_days first_change = 2024y / 1 / 1;
constexpr sys_days last_change = 2026y / 10 / 31;

// Percent of people by highest level (primary, secondary, associate, bachelor, master) for each ISCO main group, 0
// to 9.
constexpr std::array<std::array<std::size_t, levels>, 10> level_shares = {{
    {5, 65, 10, 15, 5},   // armed forces
    {2, 18, 8, 37, 35},   // managers
    {0, 4, 4, 44, 48},    // professionals
    {1, 32, 14, 41, 12},  // technicians
    {3, 52, 13, 26, 6},   // clerks
    {6, 70, 10, 12, 2},   // service and sales
    {12, 74, 6, 7, 1},    // agriculture
    {10, 78, 6, 5, 1},    // crafts
    {12, 76, 5, 6, 1},    // operators
    {26, 65, 4, 4, 1},    // elementary occupations
}};

// The age at which a level is finished without delay.
constexpr std::array<int, levels> leaving_age = {16, 18, 20, 21, 23};

Level draw_level(Random& random, char isco_group) {
    const auto& shares =
        level_shares[static_cast<std::size_t>(isco_group >= '0' && isco_group <= '9' ? isco_group - '0' : 9)];
    std::size_t drawn = random.below(100);
    std::size_t level = 0;
    while (level + 1 < levels && drawn >= shares[level]) drawn -= shares[level++];
    return static_cast<Level>(level);
}

// Job seekers are young more often than old.
int draw_age(Random& random) {
    const std::size_t group = random.below(100);
    if (group < 50) return random.between(18, 38);
    return group < 85 ? random.between(30, 52) : random.between(45, 65);
}

Tongue draw_tongue(Random& random, Territory territory) {
    const std::size_t drawn = random.below(100);
    switch (territory) {
        case Territory::flanders:
            return drawn < 93 ? Tongue::dutch : drawn < 96 ? Tongue::french : Tongue::english;
        case Territory::brussels:
            return drawn < 40 ? Tongue::dutch : drawn < 90 ? Tongue::french : Tongue::english;
        case Territory::wallonia:
            return drawn < 8 ? Tongue::dutch : drawn < 97 ? Tongue::french : Tongue::english;
    }
    return Tongue::dutch;
}

void draw_professions(Draft& draft, const Trades& trades) {
    draft.profession = &trades.professions[trades.by_demand.draw(draft.random)];
    const auto& related = draft.profession->related;
    const std::size_t wanted = std::min(1 + draft.random.below(draft.related.size()), related.size());
    // As many in a row of the list, which holds neighbours in the ROME classification next to each other.
    const std::size_t first = draft.random.below(related.size());
    for (std::size_t i = 0; i < wanted; ++i) {
        draft.related[draft.related_count++] = &trades.professions[related[(first + i) % related.size()]];
    }
}

// Nobody has finished a school before this document's day: whoever is too young has a lower level, or none yet.
void draw_schooling(Draft& draft) {
    draft.level = draw_level(draft.random, draft.profession->isco_group);
    const int birth_year = static_cast<int>(year_month_day(draft.born).year());
    const int delay = std::max(0, draft.random.between(-2, 2));
    for (;;) {
        draft.left_school = birth_year + leaving_age[static_cast<std::size_t>(draft.level)] + delay;
        const sys_days end = std::chrono::year(draft.left_school) / 6 / 30;
        if (end <= draft.today) break;
        if (draft.level <= Level::secondary) {
            draft.is_student = true;
            return;
        }
        draft.level = Level::secondary;
    }
    const year_month_day today(draft.today);
    const int months =
        (static_cast<int>(today.year()) - draft.left_school) * 12 + static_cast<int>(unsigned(today.month()));
    constexpr int september = 9;
    draft.months_worked = std::max(0, months - september);
}

}  // namespace

sys_days change_date(std::uint64_t number) {
    // However many documents are made, their dates spread over months: the first thousand take 72 days, and each time
    // their number doubles, 72 days more. Whole numbers alone, so that every machine agrees.
    constexpr std::uint64_t first_step = 1000;
    constexpr std::uint64_t days_per_doubling = 72;
    if (number >= std::uint64_t{1} << 40U) return last_change;
    const auto doublings = static_cast<std::uint64_t>(std::bit_width(number / first_step + 1) - 1);
    const std::uint64_t start = ((std::uint64_t{1} << doublings) - 1) * first_step;
    const std::uint64_t length = (std::uint64_t{1} << doublings) * first_step;
    const std::uint64_t day = doublings * days_per_doubling + (number - start) * days_per_doubling / length;
    return std::min(first_change + days(static_cast<std::int64_t>(day)), last_change);
}

Draft make_draft(const Vocabulary& words, std::uint64_t seed, std::uint64_t number) {
    Draft draft{.random = Random(seed, number), .number = number, .today = change_date(number), .seed = seed};
    Random& random = draft.random;
    draft.home = &words.places.municipalities[words.places.by_inhabitants.draw(random)];
    draft.country = &words.names.countries[words.names.by_nationality.draw(random)];
    draft.tongue = draw_tongue(random, draft.home->territory);
    draft.is_woman = random.chance(48);
    draft.age = draw_age(random);
    constexpr int days_in_four_years = 1461;
    draft.born = draft.today - days(draft.age * days_in_four_years / 4 + 1 + random.between(0, 363));
    draw_professions(draft, words.trades);
    draw_schooling(draft);
    return draft;
}

}  // namespace cvstroom::sandbox
