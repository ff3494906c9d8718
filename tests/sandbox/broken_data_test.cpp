// A data folder that is not whole gives an error that names the file, and never a generator that fails later.
#include <gmock/gmock.h>

#include "tests/reference/scratch_folder.hpp"
#include "tests/sandbox/documents.hpp"

namespace cvstroom::sandbox {
namespace {

using testing::HasSubstr;

const std::vector<std::string> needed = {
    "arbeidsstelsels.tsv",       "attesten.tsv",        "competences.tsv", "competentie_scores.tsv",
    "cv_sjablonen.tsv",          "diplomas.tsv",        "gemeenten.tsv",   "email_domeinen.tsv",
    "familienamen.tsv",          "jobtitels.tsv",       "landen.tsv",      "postcodes.tsv",
    "onderwijsinstellingen.tsv", "professions.tsv",     "regions.tsv",     "profession_competences.tsv",
    "straatnamen.tsv",           "telefoonreeksen.tsv", "talen.tsv",       "voornamen.tsv",
    "vrije_competenties.tsv",    "werkgevers.tsv",
};

class BrokenData : public testing::Test {
  protected:
    BrokenData() { std::filesystem::copy(test::data_folder, folder_.path(), std::filesystem::copy_options::recursive); }
    Error error() const {
        const auto generator = Generator::load(folder_.path(), 1);
        return generator ? Error{} : generator.error();
    }
    cvstroom::test::ScratchFolder folder_;
};

TEST_F(BrokenData, NamesAMissingFile) {
    for (const auto& file : needed) {
        std::filesystem::remove(folder_.path() / file);
        EXPECT_EQ(error().code, ErrorCode::not_found) << file;
        EXPECT_THAT(error().where, HasSubstr(file));
        std::filesystem::copy(test::data_folder / file, folder_.path());
    }
    EXPECT_EQ(error().where, "");
}

TEST_F(BrokenData, NamesAFileWithoutRowsOrColumns) {
    for (const auto& file : needed) {
        folder_.write(file, "kolom\nwaarde\n");
        EXPECT_EQ(error().code, ErrorCode::invalid_input) << file;
        EXPECT_THAT(error().where, HasSubstr(file));
        folder_.write(file, "kolom\n");
        EXPECT_THAT(error().where, HasSubstr(file));
        std::filesystem::copy(test::data_folder / file, folder_.path(),
                              std::filesystem::copy_options::overwrite_existing);
    }
}

TEST_F(BrokenData, NamesANumberThatIsNone) {
    folder_.write("landen.tsv", "code\tgewicht\nBE\tveel\n");
    EXPECT_THAT(error().where, HasSubstr("landen.tsv"));
    EXPECT_THAT(error().message, HasSubstr("veel"));
}

TEST_F(BrokenData, NamesAPlaceholderThatItCannotFill) {
    folder_.write("cv_sjablonen.tsv", "soort\ttaal\tsjabloon\nprofiel\tnl\t{loon}\n");
    EXPECT_THAT(error().where, HasSubstr("cv_sjablonen.tsv"));
}

TEST_F(BrokenData, NeedsCompetencesForEachProfession) {
    folder_.write("profession_competences.tsv", "profession_code\tcompetence_code\nM140201-1\t11721\n");
    EXPECT_THAT(error().where, HasSubstr("profession_competences.tsv"));
}

TEST_F(BrokenData, NeedsAWeightAboveZero) {
    folder_.write("landen.tsv", "code\tgewicht\nBE\t0\n");
    EXPECT_THAT(error().where, HasSubstr("landen.tsv"));
}

}  // namespace
}  // namespace cvstroom::sandbox
