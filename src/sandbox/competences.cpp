#include <algorithm>
#include <array>
#include <numeric>

#include "sandbox/fragments.hpp"
#include "sandbox/list_writer.hpp"
#include "sandbox/sections.hpp"
#include "sandbox/sentence.hpp"

namespace cvstroom::sandbox {
namespace {

constexpr std::size_t most_technical = 25;
constexpr std::size_t soft_skills = 13;  // softskills.tsv numbers them from 1

// Percent of people who name a language, and how well they know it: chances of levels 1, 2 and 3.
struct Knowledge {
    std::string_view code;
    std::size_t percent;
    std::array<std::size_t, 3> levels;
};

using KnownLanguages = std::array<Knowledge, 4>;  // in the seed's order: D, E, F, N

constexpr KnownLanguages by_territory[] = {
    {{{"D", 24, {70, 25, 5}}, {"E", 84, {25, 45, 30}}, {"F", 76, {40, 42, 18}}, {"N", 98, {1, 7, 92}}}},
    {{{"D", 11, {70, 24, 6}}, {"E", 74, {25, 40, 35}}, {"F", 93, {4, 16, 80}}, {"N", 72, {35, 35, 30}}}},
    {{{"D", 14, {62, 26, 12}}, {"E", 61, {42, 38, 20}}, {"F", 98, {1, 6, 93}}, {"N", 48, {55, 33, 12}}}},
};

void append_language(ListWriter& list, std::string_view code, char level) {
    std::string& out = list.next();
    out += R"({"type":"talen","code":")";
    out += code;
    out += R"(","niveau":")";
    out += level;
    out += "\"}";
}

char draw_level(Random& random, const Knowledge& language) {
    const std::size_t drawn = random.below(100);
    if (drawn < language.levels[0]) return '1';
    return drawn < language.levels[0] + language.levels[1] ? '2' : '3';
}

void append_languages(ListWriter& list, Draft& draft) {
    if (draft.random.chance(5)) return;
    const std::string& native = draft.country->native_language;
    bool is_native_said = native.empty();
    const bool is_newcomer = !native.empty() && draft.random.chance(50);
    for (const auto& language : by_territory[static_cast<std::size_t>(draft.home->territory)]) {
        if (language.code == native) {
            append_language(list, native, '3');
            is_native_said = true;
        } else if (draft.random.chance(language.percent)) {
            const char level = draw_level(draft.random, language);
            append_language(list, language.code,
                            is_newcomer ? std::min(level, draft.random.chance(50) ? '1' : '2') : level);
        } else if (draft.random.chance(4)) {
            append_language(list, language.code, '0');
        }
    }
    if (!is_native_said) append_language(list, native, '3');
    if (draft.random.chance(6) && native != "S") append_language(list, "S", draft.random.chance(70) ? '1' : '2');
}

// One language's level a change, round from 1 to 3; who names no language changes nothing.
void change_levels(std::string& out, std::size_t start, const Draft& draft) {
    constexpr std::string_view mark = R"("niveau":")";
    std::vector<std::size_t> levels;
    for (auto at = out.find(mark, start); at != std::string::npos; at = out.find(mark, at + 1)) {
        levels.push_back(at + mark.size());
    }
    if (levels.empty()) return;
    for (std::uint32_t change = 1; change <= draft.revision.levels; ++change) {
        char& level = out[draft.random_of_change('l', change).pick(levels)];
        level = level == '3' ? '1' : static_cast<char>(level + 1);
    }
}

// Up to 25 of the profession's competences, in the order of chance.
void append_technical(ListWriter& list, Draft& draft, const Trades& trades) {
    Random& random = draft.random;
    if (random.chance(4)) return;
    const auto& fitting = draft.profession->competences;
    std::array<std::uint32_t, 256> positions{};
    const std::size_t available = std::min(fitting.size(), positions.size());
    std::copy_n(fitting.begin(), available, positions.begin());
    // Forms that ask for competences get many: the larger of two draws.
    const std::size_t drawn = random.below(most_technical - 4);
    const std::size_t count = std::min(5 + std::max(drawn, random.below(most_technical - 4)), available);
    for (std::size_t i = 0; i < count; ++i) {
        std::swap(positions[i], positions[i + random.below(available - i)]);
        std::string& out = list.next();
        out += trades.competences[positions[i]].entry_start;
        out += trades.scores[trades.by_frequency.draw(random)];
        out += "\"}";
    }
}

void append_soft_skills(ListWriter& list, Draft& draft) {
    if (draft.random.chance(18)) return;
    std::array<std::uint64_t, soft_skills> codes{};
    std::iota(codes.begin(), codes.end(), std::uint64_t{1});
    const std::size_t count = 1 + draft.random.below(7);
    for (std::size_t i = 0; i < count; ++i) {
        std::swap(codes[i], codes[i + draft.random.below(soft_skills - i)]);
        std::string& out = list.next();
        out += R"({"type":"softSkill","code":")";
        append_number(out, codes[i]);
        out += "\"}";
    }
}

// What people say of themselves in a sentence, under a heading of their own.
void append_profile(ListWriter& list, Draft& draft, const Vocabulary& words) {
    constexpr std::array<std::string_view, tongues> headings = {"Profiel", "Profil", "Profile"};
    std::string& out = list.next();
    out += R"({"type":"vrijeCompetentie","naam":")";
    out += headings[at(draft.tongue)];
    out += R"(","beschrijving":")";
    const auto& forms = words.texts.profiles[at(draft.tongue)];
    const std::size_t sentences = 1 + draft.random.below(2);
    const std::size_t first = draft.random.below(forms.size());
    for (std::size_t i = 0; i < sentences; ++i) {
        if (i > 0) out += ' ';
        append_sentence(out, draft, words, forms[(first + i) % forms.size()], draft.tongue, {draft.profession});
    }
    out += "\"}";
}

void append_free(ListWriter& list, Draft& draft, const Vocabulary& words) {
    Random& random = draft.random;
    if (random.chance(70)) append_profile(list, draft, words);
    const std::size_t count = random.chance(30) ? 0 : 1 + random.below(5);
    const Tongue tongue = random.chance(88) ? draft.tongue : Tongue::english;
    const auto& all = words.texts.free_competences[at(tongue)];
    const std::size_t first = random.below(all.size());
    for (std::size_t i = 0; i < std::min(count, all.size()); ++i) {
        const auto& competence = all[(first + i * 7) % all.size()];
        std::string& out = list.next();
        out += R"({"type":"vrijeCompetentie","naam":")";
        out += competence.name.first;
        if (!random.chance(10)) {
            out += R"(","beschrijving":")";
            // Many people give the name again, as in the seed.
            out += random.chance(25) ? competence.name.first : competence.description;
        }
        out += "\"}";
    }
}

}  // namespace

void append_competences(std::string& out, Draft& draft, const Vocabulary& words) {
    ListWriter list(out, "competenties");
    const std::size_t start = out.size();
    append_languages(list, draft);
    change_levels(out, start, draft);
    append_technical(list, draft, words.trades);
    append_soft_skills(list, draft);
    append_free(list, draft, words);
}

}  // namespace cvstroom::sandbox
