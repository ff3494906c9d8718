#include "index/analysis_fingerprint.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <vector>

#include "index/text_extension.hpp"

namespace cvstroom::index {
namespace {

// A library like the installed one, which has lost its rule for one ending of one language.
std::uint32_t without(StemLanguage changed, std::string_view ending) {
    Stemmer stemmer;
    return analysis_fingerprint([&](StemLanguage language, std::string_view word) {
        return language == changed && word.ends_with(ending) ? word : stemmer.stem(language, word);
    });
}

TEST(AnalysisFingerprint, IsAnotherWhenOneRuleIs) {
    const auto installed = analysis_fingerprint();
    EXPECT_EQ(without(StemLanguage::dutch, "qqqqq"), installed) << "the same stems are the same fingerprint";
    const std::vector<std::pair<StemLanguage, const char*>> rules{
        {StemLanguage::dutch, "heden"},     {StemLanguage::dutch, "en"},      {StemLanguage::dutch, "ingen"},
        {StemLanguage::dutch, "lijk"},      {StemLanguage::dutch, "baar"},    {StemLanguage::dutch, "se"},
        {StemLanguage::french, "euses"},    {StemLanguage::french, "logies"}, {StemLanguage::french, "amment"},
        {StemLanguage::french, "eraient"},  {StemLanguage::french, "iere"},   {StemLanguage::french, "eill"},
        {StemLanguage::english, "fulness"}, {StemLanguage::english, "eedly"}, {StemLanguage::english, "biliti"},
        {StemLanguage::english, "skies"},   {StemLanguage::english, "ied"},   {StemLanguage::english, "hopping"}};
    for (const auto& [language, ending] : rules) {
        EXPECT_NE(without(language, ending), installed) << static_cast<int>(language) << " " << ending;
    }
}

// What is saved bears the name, and is not believed under another (saved_index_test).
TEST(AnalysisFingerprint, StandsInTheNameOfWhatIsSaved) {
    EXPECT_EQ(text_extension().name(), fmt::format("text/3-{:08x}", analysis_fingerprint()));
    EXPECT_LE(text_extension().name().size(), 15U);
}

}  // namespace
}  // namespace cvstroom::index
