#include "reference/keyword_index.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "reference/words.hpp"

namespace cvstroom::reference {
namespace {

// How well a word fits; 0: not at all.
constexpr int whole_word = 100;
constexpr int beginning = 80;
constexpr int inside = 60;
constexpr int misspelt = 50;
constexpr int each_edit = 10;
constexpr int coverage = 40;  // at most, for a line that has no other words

constexpr std::size_t shortest_inside = 4;
constexpr std::size_t longest_misspelt = 40;

std::size_t edits_allowed(std::string_view word) {
    if (word.size() < 4) return 0;
    return word.size() < 8 ? 1 : 2;
}

std::uint64_t letters_of(std::string_view word) {
    std::uint64_t letters = 0;
    for (const char c : word) letters |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 63U);
    return letters;
}

// The least edits (insert, drop, replace, swap two neighbours) that make `asked` of `word` or of a beginning of it;
// at most `limit` + 1. In bytes: what folding leaves is nearly always ASCII.
std::size_t edits_to_beginning(std::string_view asked, std::string_view word, std::size_t limit) {
    word = word.substr(0, asked.size() + limit);
    if (word.size() + limit < asked.size() || asked.size() > longest_misspelt) return limit + 1;
    std::array<std::array<std::uint8_t, longest_misspelt + 4>, 3> rows{};
    const auto row = [&rows](std::size_t i) -> auto& {
        return rows[i % 3];
    };
    for (std::size_t j = 0; j <= word.size(); ++j) row(0)[j] = static_cast<std::uint8_t>(j);
    for (std::size_t i = 1; i <= asked.size(); ++i) {
        row(i)[0] = static_cast<std::uint8_t>(i);
        std::uint8_t least = row(i)[0];
        for (std::size_t j = 1; j <= word.size(); ++j) {
            const bool is_same = asked[i - 1] == word[j - 1];
            int edits = std::min({row(i - 1)[j] + 1, row(i)[j - 1] + 1, row(i - 1)[j - 1] + (is_same ? 0 : 1)});
            if (i > 1 && j > 1 && asked[i - 1] == word[j - 2] && asked[i - 2] == word[j - 1]) {
                edits = std::min(edits, row(i - 2)[j - 2] + 1);
            }
            row(i)[j] = static_cast<std::uint8_t>(edits);
            least = std::min(least, row(i)[j]);
        }
        if (least > limit + 1) return limit + 1;
    }
    const auto& last = row(asked.size());
    return *std::min_element(last.begin(), last.begin() + static_cast<std::ptrdiff_t>(word.size()) + 1);
}

int fit(std::string_view asked, std::string_view word) {
    if (word == asked) return whole_word;
    if (word.starts_with(asked)) return beginning;
    if (asked.size() >= shortest_inside && word.find(asked) != std::string_view::npos) return inside;
    const std::size_t limit = edits_allowed(asked);
    if (limit == 0) return 0;
    const std::size_t edits = edits_to_beginning(asked, word, limit);
    return edits > limit ? 0 : misspelt - each_edit * static_cast<int>(edits);
}

}  // namespace

KeywordIndex::KeywordIndex(const CodeList& list) : list_(list) {
    for (std::size_t i = 0; i < list.items().size(); ++i) {
        const auto& item = list.items()[i];
        for (const auto* text : {&item.code, &item.label_nl, &item.label_fr, &item.label_en}) add_line(i, *text);
    }
}

void KeywordIndex::add_line(std::size_t item, std::string_view text) {
    const auto words = fold_words(text);
    if (words.empty()) return;
    const auto line = static_cast<std::uint32_t>(lines_.size());
    lines_.push_back({static_cast<std::uint32_t>(item), static_cast<std::uint32_t>(words.size())});
    for (const auto& text_of_word : words) {
        const auto [found, is_new] = by_text_.emplace(text_of_word, static_cast<WordId>(words_.size()));
        if (is_new) words_.push_back({text_of_word, letters_of(text_of_word), {}});
        auto& lines = words_[found->second].lines;
        if (lines.empty() || lines.back() != line) lines.push_back(line);
    }
}

std::unordered_map<std::uint32_t, int> KeywordIndex::lines_with(const std::string& asked) const {
    std::unordered_map<std::uint32_t, int> lines;
    const auto letters = letters_of(asked);
    const auto limit = static_cast<int>(edits_allowed(asked));
    for (const auto& word : words_) {
        if (std::popcount(letters & ~word.letters) > limit) continue;  // an edit brings in one letter at most
        const int how_well = fit(asked, word.text);
        if (how_well == 0) continue;
        for (const auto line : word.lines) lines[line] = std::max(lines[line], how_well);
    }
    return lines;
}

std::vector<std::size_t> KeywordIndex::best(std::string_view keyword, std::size_t most) const {
    auto asked = fold_words(keyword);
    if (asked.empty()) return {};
    if (asked.size() > most_words) asked.resize(most_words);
    auto lines = lines_with(asked.front());
    for (std::size_t i = 1; i < asked.size(); ++i) {
        const auto others = lines_with(asked[i]);
        std::erase_if(lines, [&](const auto& line) { return !others.contains(line.first); });
        for (auto& [line, score] : lines) score += others.at(line);
    }
    std::unordered_map<std::size_t, int> items;
    for (const auto& [line, score] : lines) {
        const auto covered = std::min<std::size_t>(asked.size(), lines_[line].words);
        const int whole = score / static_cast<int>(asked.size()) +
                          coverage * static_cast<int>(covered) / static_cast<int>(lines_[line].words);
        auto& best = items[lines_[line].item];
        best = std::max(best, whole);
    }
    std::vector<std::size_t> ranked;
    ranked.reserve(items.size());
    for (const auto& [item, score] : items) ranked.push_back(item);
    std::sort(ranked.begin(), ranked.end(), [&](std::size_t a, std::size_t b) {
        return items.at(a) != items.at(b) ? items.at(a) > items.at(b) : a < b;
    });
    return with_successors(ranked, most);
}

std::vector<std::size_t> KeywordIndex::with_successors(const std::vector<std::size_t>& ranked, std::size_t most) const {
    std::vector<std::size_t> chosen;
    const auto add = [&](std::size_t item) {
        if (chosen.size() < most && std::find(chosen.begin(), chosen.end(), item) == chosen.end())
            chosen.push_back(item);
    };
    for (const auto item : ranked) {
        if (chosen.size() == most) break;
        add(item);
        if (const auto* successor = list_.find(list_.items()[item].successor)) {
            add(static_cast<std::size_t>(successor - list_.items().data()));
        }
    }
    return chosen;
}

}  // namespace cvstroom::reference
