#include "index/text_analysis.hpp"

#include <gtest/gtest.h>

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <map>
#include <random>
#include <set>

namespace cvstroom::index {
namespace {

TEST(Tokenize, FoldsCaseAccentsAndLigatures) {
    EXPECT_EQ(fold("Élève, ÉCOLE; cœur Straße Ærø Łódź İstanbul naïve"),
              "eleve ecole coeur strasse aero lodz istanbul naive");
    EXPECT_EQ(fold("ＦＵＬＬ ﬁne ① 3½"), "full fine 1 31 2");
    EXPECT_EQ(fold("Αθήνα МОСКВА"), "αθηνα москва");
}

TEST(Tokenize, ReadsComposedAndDecomposedTextAlike) {
    EXPECT_EQ(fold("cafe\xCC\x81 e\xCC\x81t\xC3\xA9"), fold("café été"));
    EXPECT_EQ(fold("cafe\xCC\x81"), "cafe");
}

TEST(Tokenize, SeparatesAtEverythingElse) {
    EXPECT_EQ(fold("supply-chain/manager, l'entreprise (m/v)  R&D 24/7 a_b"),
              "supply chain manager l entreprise m v r d 24 7 a b");
    EXPECT_EQ(fold(""), "");
    EXPECT_EQ(fold(" -- … "), "");
    EXPECT_EQ(fold("a\xFF"
                   "b\xC3"),
              "a b");
}

TEST(Tokenize, KeepsTheSignsOfProgrammingLanguages) {
    EXPECT_EQ(fold("C++, C#; Notepad++ en F#."), "c++ c# notepad++ en f#");
    EXPECT_EQ(fold("Word+Excel a++b c#d 5+ x+++ +a #b"), "word excel a b c d 5 x a b");
}

TEST(Tokenize, TellsWhereEachWordStands) {
    const std::string text = "  Élan: C++-dev ";
    TokenList list;
    tokenize(text, list);
    ASSERT_EQ(list.tokens.size(), 3U);
    const auto original = [&](std::size_t i) {
        return text.substr(list.tokens[i].begin, list.tokens[i].end - list.tokens[i].begin);
    };
    EXPECT_EQ(original(0), "Élan");
    EXPECT_EQ(original(1), "C++");
    EXPECT_EQ(original(2), "dev");
    EXPECT_EQ(list.word(0), "elan");
}

TEST(Tokenize, CutsLongWordsBetweenLetters) {
    EXPECT_EQ(fold(std::string(100, 'a')), std::string(longest_word, 'a'));
    std::string greek = "a";
    for (int i = 0; i < 60; ++i) greek += "λ";
    EXPECT_EQ(fold(greek + " b"), greek.substr(0, longest_word - 1) + " b");
}

// The plain truth: ICU on the whole text. Latin text with marks in any order.
TEST(Tokenize, AgreesWithIcuOnRandomLatinText) {
    std::mt19937 random(5);
    UErrorCode error = U_ZERO_ERROR;
    const auto* casefold = icu::Normalizer2::getNFKCCasefoldInstance(error);
    const auto* decompose = icu::Normalizer2::getNFDInstance(error);
    ASSERT_TRUE(U_SUCCESS(error));
    const std::set<UChar32> rewritten{0xE6, 0xF8, 0x111, 0xF0, 0x131, 0x142, 0x153, 0xFE};
    for (int round = 0; round < 2000; ++round) {
        icu::UnicodeString text;
        for (int i = 0; i < 12; ++i) {
            const auto pick = random() % 4;
            const UChar32 c = pick == 0   ? static_cast<UChar32>('a' + random() % 26)
                              : pick == 1 ? static_cast<UChar32>(' ')
                              : pick == 2 ? static_cast<UChar32>(0xC0 + random() % 0x190)
                                          : static_cast<UChar32>(0x300 + random() % 0x30);
            text.append(c);
        }
        icu::UnicodeString expected;
        const auto folded = decompose->normalize(casefold->normalize(text, error), error);
        bool is_comparable = true;
        for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
            const UChar32 c = folded.char32At(i);
            if (rewritten.contains(c)) is_comparable = false;
            if (u_isalnum(c)) {
                expected.append(c);
            } else if (u_charType(c) != U_NON_SPACING_MARK && !expected.isEmpty() &&
                       expected[expected.length() - 1] != ' ') {
                expected.append(static_cast<UChar32>(' '));
            }
        }
        if (!is_comparable) continue;
        std::string utf8, wanted;
        text.toUTF8String(utf8);
        expected.trim().toUTF8String(wanted);
        ASSERT_EQ(fold(utf8), wanted) << utf8;
    }
}

bool share_a_stem(std::string_view a, std::string_view b) {
    Stemmer stemmer;
    const auto left = stemmer.keys(fold(a));
    const auto right = stemmer.keys(fold(b));
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (left[i] == right[i]) return true;
    }
    return false;
}

TEST(Stemmer, FindsInflectionsInThreeLanguages) {
    for (const auto& [a, b] : std::vector<std::pair<const char*, const char*>>{
             {"verpleegkundige", "verpleegkundigen"},
             {"magazijn", "magazijnen"},
             {"planner", "planners"},
             {"verkoper", "verkopers"},
             {"boekhouding", "boekhoudingen"},
             {"managers", "manager"},
             {"organising", "organised"},
             {"accountant", "accountants"},
             {"infirmier", "infirmiers"},
             {"infirmière", "infirmières"},
             {"infirmier", "infirmières"},
             {"caissier", "caissière"},
             {"qualifié", "qualifiée"},
             {"qualifiés", "qualifiées"},
             {"employé", "employées"},
             {"formation", "formations"},
             {"Café", "CAFES"},
         }) {
        EXPECT_TRUE(share_a_stem(a, b)) << a << " and " << b;
    }
}

TEST(Stemmer, KeepsDifferentWordsApart) {
    for (const auto& [a, b] : std::vector<std::pair<const char*, const char*>>{{"manager", "magazijn"},
                                                                               {"java", "javascript"},
                                                                               {"verkoop", "aankoop"},
                                                                               {"c++", "c#"},
                                                                               {"leraar", "leren"}}) {
        EXPECT_FALSE(share_a_stem(a, b)) << a << " and " << b;
    }
}

// Engines look keys of all languages up in one list: two words meet only when one language gives them the same stem.
TEST(Stemmer, GivesStemsOfDifferentLanguagesDifferentKeys) {
    Stemmer stemmer;
    std::map<StemKey, std::pair<std::size_t, std::string>> seen;
    std::string word(2, 'a');
    for (word[0] = 'a'; word[0] <= 'z'; ++word[0]) {
        for (word[1] = 'a'; word[1] <= 'z'; ++word[1]) {
            const auto keys = stemmer.keys(word);
            for (std::size_t i = 0; i < keys.size(); ++i) {
                const std::pair stem{i, std::string(stemmer.stem(static_cast<StemLanguage>(i), word))};
                const auto known = seen.emplace(keys[i], stem).first;
                EXPECT_EQ(known->second, stem) << word;
            }
        }
    }
    EXPECT_GT(seen.size(), 1000U);
}

TEST(Stemmer, TakesAnyBytes) {
    Stemmer stemmer;
    for (const char* word : {"", "a", "é", "москва", "\xFF\xFE", "1234", "ees", "ee"}) stemmer.keys(word);
}

}  // namespace
}  // namespace cvstroom::index
