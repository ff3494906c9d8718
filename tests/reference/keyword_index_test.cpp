#include "reference/keyword_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference/reference.hpp"
#include "reference/words.hpp"

namespace cvstroom::reference {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::vector<std::string> best(const CodeList& list, std::string_view keyword, std::size_t most = 10) {
    std::vector<std::string> codes;
    for (const auto item : KeywordIndex(list).best(keyword, most)) codes.push_back(list.items()[item].code);
    return codes;
}

const CodeList& shipped(std::string_view name) {
    static const auto data = ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
    return *data->find_list(name);
}

CodeItem item(std::string code, std::string nl, std::string fr = "", std::string successor = "") {
    CodeItem made;
    made.code = std::move(code);
    made.label_nl = std::move(nl);
    made.label_fr = std::move(fr);
    made.successor = std::move(successor);
    return made;
}

const CodeList small("klein",
                     {item("A", "Master in de rechten", "Master en droit"), item("B", "Bachelor in de rechtspraktijk"),
                      item("C", "Burgerlijk ingenieur: bouwkunde", "Ingénieur civil: construction"),
                      item("D", "Handelsingenieur", "Ingénieur de gestion"),
                      item("E", "Licentiaat in de rechten (oud)", "", "A"), item("F", "Ingenieur")});

TEST(Words, FoldCaseAccentsAndPunctuation) {
    EXPECT_THAT(fold_words("Burgerlijk Ingénieur: C/D, Ærø"), ElementsAre("burgerlijk", "ingenieur", "c", "d", "ærø"));
    EXPECT_THAT(fold_words(" –·… "), IsEmpty());
    EXPECT_THAT(fold_words("STRASSE straße"), ElementsAre("strasse", "strasse"));
}

// Step 1 of the seed's example.
TEST(KeywordIndex, LeadsFromHandelsingenieurToTheDiplomaThatTookItsPlace) {
    const auto codes = best(shipped("diplomas"), "Handelsingenieur");
    ASSERT_THAT(codes, SizeIs(10));
    EXPECT_EQ(codes[0], "UEH5AHH");
    EXPECT_EQ(codes[1], "MAE5AHH");
}

TEST(KeywordIndex, TakesTheBeginningOfAWordAndWordsInAnyOrder) {
    EXPECT_THAT(best(small, "recht mast"), ElementsAre("A"));
    EXPECT_THAT(best(small, "mast recht"), ElementsAre("A"));
    EXPECT_THAT(best(shipped("beroepen"), "financieel anal"), Contains("M120101-1"));
}

TEST(KeywordIndex, ForgivesTypos) {
    for (const char* typo :
         {"handelsingeneur", "handelsingenieuur", "hnadelsingenieur", "handelzingeniuer", "Handelsingenier"}) {
        EXPECT_THAT(best(shipped("diplomas"), typo), Contains("MAE5AHH")) << typo;
    }
    EXPECT_THAT(best(small, "rechtan"), ElementsAre("A", "E"));
    EXPECT_THAT(best(small, "xyz"), IsEmpty()) << "short words are taken as they are";
}

TEST(KeywordIndex, FindsFrenchLabelsAndCodes) {
    EXPECT_THAT(best(small, "gestion"), ElementsAre("D"));
    EXPECT_THAT(best(small, "INGENIEUR CIVIL"), ElementsAre("C"));
    EXPECT_THAT(best(small, "droit"), ElementsAre("A"));
    EXPECT_EQ(best(shipped("diplomas"), "mae5ahh").front(), "MAE5AHH");
    EXPECT_THAT(best(shipped("diplomas"), "ingenieur de gestion"), Contains("MAE5AHH"));
    EXPECT_THAT(best(shipped("diplomas"), "comptabilite"), Contains("GRE2GBO"));
    EXPECT_THAT(best(shipped("diplomas"), "infirmier soins"), Not(IsEmpty())) << "words in any order";
}

TEST(KeywordIndex, RanksWholeWordsBeforeBeginningsBeforeInsides) {
    const auto codes = best(small, "ingenieur");
    ASSERT_THAT(codes, SizeIs(3));
    EXPECT_EQ(codes[0], "F");
    EXPECT_EQ(codes[1], "C") << "its French label has the whole word too";
    EXPECT_EQ(codes[2], "D");
}

TEST(KeywordIndex, PutsASuccessorRightAfterWhatItReplaces) {
    EXPECT_THAT(best(small, "licentiaat"), ElementsAre("E", "A"));
    EXPECT_THAT(best(small, "licentiaat", 1), ElementsAre("E"));
}

TEST(KeywordIndex, SurvivesOddKeywords) {
    EXPECT_THAT(best(small, ""), IsEmpty());
    EXPECT_THAT(best(small, "()"), IsEmpty());
    EXPECT_THAT(best(small, std::string(5000, 'a')), IsEmpty());
    EXPECT_THAT(best(small, "a b c d e f g h i j k l m n o p"), IsEmpty());
    EXPECT_THAT(best(small, "\xF0\x9F\x98\x80 rechten"), Not(IsEmpty()));
}

}  // namespace
}  // namespace cvstroom::reference
