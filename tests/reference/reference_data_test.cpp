#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "reference/reference.hpp"
#include "tests/reference/scratch_folder.hpp"

namespace cvstroom::reference {
namespace {

using candidate::CodeKind;
using test::ScratchFolder;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::filesystem::path data_folder = std::filesystem::path(CVSTROOM_SOURCE_DIR) / "data";

const ReferenceData& shipped() {
    static const auto data = ReferenceData::load(data_folder).value();
    return *data;
}

// The shipped data with one file replaced.
Error error_with(const std::string& file, std::string_view text) {
    const ScratchFolder folder;
    std::filesystem::copy(data_folder, folder.path(), std::filesystem::copy_options::recursive);
    folder.write(file, text);
    const auto data = ReferenceData::load(folder.path());
    return data ? Error{} : data.error();
}

TEST(ReferenceData, LoadsEveryListUnderItsName) {
    const std::vector<std::pair<CodeKind, std::string>> names = {
        {CodeKind::diploma, "diplomas"},
        {CodeKind::region, "regios"},
        {CodeKind::profession, "beroepen"},
        {CodeKind::competence, "competenties"},
        {CodeKind::competence_score, "competentiescores"},
        {CodeKind::soft_skill, "softskills"},
        {CodeKind::language, "talen"},
        {CodeKind::language_level, "taalniveaus"},
        {CodeKind::driving_licence, "rijbewijzen"},
        {CodeKind::certificate, "attesten"},
        {CodeKind::work_regime, "arbeidsregimes"},
        {CodeKind::work_system, "arbeidsstelsels"},
        {CodeKind::experience_level, "ervaringsniveaus"},
    };
    for (const auto& [kind, name] : names) {
        EXPECT_EQ(shipped().list(kind).name(), name);
        EXPECT_FALSE(shipped().list(kind).items().empty()) << name;
        for (const auto& item : shipped().list(kind).items()) EXPECT_FALSE(item.label_nl.empty()) << item.code;
    }
}

TEST(ReferenceData, KnowsTheCodesOfTheSeed) {
    const std::vector<std::pair<CodeKind, std::vector<std::string>>> codes = {
        {CodeKind::diploma, {"MAE5AHH", "UEH5AHH", "MAN1NOO"}},
        {CodeKind::region, {"BE1", "BE231A", "BE231B", "BE234B", "BE241A", "BE241B"}},
        {CodeKind::profession, {"M140201-1", "M130201-1", "N130101-1", "N130201-1", "H140101-1", "H140201-1"}},
        {CodeKind::competence, {"11721", "18138", "24557", "16394", "18599", "22232", "16669"}},
        {CodeKind::competence_score, {"42", "43"}},
        {CodeKind::soft_skill, {"5", "8", "9", "10", "12"}},
        {CodeKind::language, {"N", "F", "E", "D"}},
        {CodeKind::language_level, {"1", "3"}},
        {CodeKind::driving_licence, {"B"}},
        {CodeKind::work_regime, {"V"}},
        {CodeKind::work_system, {"D"}},
        {CodeKind::experience_level, {"4"}},
    };
    for (const auto& [kind, known] : codes) {
        for (const auto& code : known) EXPECT_TRUE(shipped().knows(kind, code)) << code;
        EXPECT_FALSE(shipped().knows(kind, "nonsense"));
    }
}

TEST(ReferenceData, KeepsTheLanguageLevelsOfCvsOnly) {
    const auto& levels = shipped().list(CodeKind::language_level);
    EXPECT_EQ(levels.items().size(), 4U);
    EXPECT_FALSE(shipped().knows(CodeKind::language_level, "15"));
}

TEST(ReferenceData, PutsRegionsInsideEachOther) {
    const auto& regions = shipped().list(CodeKind::region);
    EXPECT_THAT(regions.with_descendants("BE23"), Contains("BE231A"));
    EXPECT_THAT(regions.with_descendants("BE23"), Not(Contains("BE241A")));
    EXPECT_THAT(regions.with_ancestors("BE231A"), ElementsAre("BE231A", "BE231", "BE23", "BE2", "BE"));
}

TEST(ReferenceData, SuggestsCodesForAMessage) {
    EXPECT_EQ(shipped().nearest(CodeKind::region, "be231a"), "BE231A");
    EXPECT_THAT(shipped().nearest(CodeKind::diploma, "MAE5AHHH"), HasSubstr("MAE5AHH"));
    EXPECT_EQ(shipped().nearest(CodeKind::language, "?"), "");
}

TEST(ReferenceData, NamesTheLineOfADuplicateCode) {
    const auto error = error_with("talen.tsv", "code\tlabel_nl\nN\tNederlands\nF\tFrans\nN\tNoors\n");
    EXPECT_EQ(error.code, ErrorCode::invalid_input);
    EXPECT_THAT(error.where, HasSubstr("talen.tsv:4"));
    EXPECT_EQ(error.message, "code N stands on line 2 too");
}

TEST(ReferenceData, NamesTheLineOfAnEmptyCode) {
    const auto error = error_with("talen.tsv", "code\tlabel_nl\n\tNederlands\n");
    EXPECT_THAT(error.where, HasSubstr("talen.tsv:2"));
}

TEST(ReferenceData, NamesTheLineWhoseParentIsMissing) {
    const auto error = error_with("regions.tsv", "code\tlabel_nl\tparent\nBE\tB\t\nBE1\tBr\tBE\nBE2\tV\tBX\n");
    EXPECT_EQ(error.code, ErrorCode::invalid_input);
    EXPECT_THAT(error.where, HasSubstr("regions.tsv:4"));
    EXPECT_EQ(error.message, "parent BX of code BE2 does not exist");
}

TEST(ReferenceData, RefusesParentsThatGoRound) {
    const auto error = error_with("regions.tsv", "code\tlabel_nl\tparent\nA\ta\tC\nB\tb\tA\nC\tc\tB\n");
    EXPECT_EQ(error.code, ErrorCode::invalid_input);
    EXPECT_THAT(error.where, HasSubstr("regions.tsv:2"));
    EXPECT_THAT(error.message, HasSubstr("circle"));
}

TEST(ReferenceData, NeedsTheColumnsThatItReads) {
    const auto error = error_with("softskills.tsv", "nummer\tlabel_nl\n1\tGeduld\n");
    EXPECT_EQ(error.message, "the header has no column \"code\"");
    EXPECT_THAT(error.where, HasSubstr("softskills.tsv:1"));
}

TEST(ReferenceData, SaysWhichFileIsMissing) {
    const ScratchFolder folder;
    const auto data = ReferenceData::load(folder.path());
    ASSERT_FALSE(data);
    EXPECT_EQ(data.error().code, ErrorCode::not_found);
    EXPECT_THAT(data.error().where, HasSubstr("diplomas.tsv"));
}

TEST(ReferenceData, NamesTheLineOfADateThatIsNone) {
    const auto error = error_with("talen.tsv", "code\tlabel_nl\tgeldig_van\nN\tNederlands\t\nF\tFrans\t2026-02-30\n");
    EXPECT_THAT(error.where, HasSubstr("talen.tsv:3"));
    EXPECT_THAT(error.message, HasSubstr("2026-02-30"));
    const auto turned =
        error_with("talen.tsv", "code\tlabel_nl\tgeldig_van\tgeldig_tot\nN\tNl\t2026-02-02\t2026-02-01\n");
    EXPECT_THAT(turned.where, HasSubstr("talen.tsv:2"));
}

TEST(ReferenceData, NamesTheLineWithoutALabelAndTheSuccessorThatIsNone) {
    EXPECT_THAT(error_with("talen.tsv", "code\tlabel_nl\nN\t\n").message, HasSubstr("no label"));
    EXPECT_THAT(error_with("diplomas.tsv", "code\tlabel_nl\tomgezet_naar\nA\ta\tB\n").message,
                HasSubstr("does not exist"));
    EXPECT_THAT(error_with("talen.tsv", "code\tlabel_nl\n").message, HasSubstr("no codes"));
}

TEST(ReferenceData, TakesAReplacedListInsteadOfTheFile) {
    const auto data =
        ReferenceData::load(data_folder, {{"talen", "code\tlabel_nl\tlabel_fr\nQ\tQuenya\tquenya\n"}}).value();
    EXPECT_TRUE(data->knows(CodeKind::language, "Q"));
    EXPECT_FALSE(data->knows(CodeKind::language, "N"));
    EXPECT_TRUE(data->knows(CodeKind::diploma, "MAE5AHH"));
    const auto broken = ReferenceData::load(data_folder, {{"talen", "code\tlabel_nl\nQ\n"}});
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().where, "list talen:2");
}

TEST(ReferenceData, HasEveryListOfTheReferenceApi) {
    for (const char* name : {"diplomas", "studieboom", "rijbewijzen", "softskills", "talen", "competenties", "beroepen",
                             "regios", "gemeenten", "arbeidsregimes", "arbeidsstelsels", "arbeidscontracten",
                             "jobdomeinen", "attesten", "ervaringsniveaus"}) {
        const auto* list = shipped().find_list(name);
        ASSERT_NE(list, nullptr) << name;
        EXPECT_FALSE(list->items().empty()) << name;
    }
    EXPECT_EQ(shipped().find_list("bananen"), nullptr);
    EXPECT_NE(shipped().find_list("gemeenten")->find("2800-MECHELEN"), nullptr);
    EXPECT_EQ(shipped().list(CodeKind::diploma).find("UEH5AHH")->successor, "MAE5AHH");
}

TEST(ReferenceData, HasAFrenchLabelForEveryCode) {
    for (const char* name :
         {"diplomas", "studieboom", "rijbewijzen", "softskills", "talen", "competenties", "beroepen", "regios",
          "arbeidsregimes", "arbeidsstelsels", "arbeidscontracten", "jobdomeinen", "attesten", "ervaringsniveaus"}) {
        for (const auto& item : shipped().find_list(name)->items())
            EXPECT_FALSE(item.label_fr.empty()) << name << ' ' << item.code;
    }
}

TEST(ReferenceData, CanBeCopied) {
    const ReferenceData copy(shipped());
    EXPECT_TRUE(copy.knows(CodeKind::diploma, "MAE5AHH"));
}

}  // namespace
}  // namespace cvstroom::reference
